"""`bihuan load-district FILE.toml`: load units, posts, officers and tenures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.orgs import district_file
from bihuan.orgs.actions.district import LoadResult, Refused, load_district
from bihuan.orgs.district import BadDistrict, District, Fault
from bihuan.orgs.wording import explain

_SHOWN = 10
NAMES: dict[str, Promise | str] = {
    "units": gettext_lazy("units"),
    "posts": gettext_lazy("posts"),
    "officers": gettext_lazy("officers"),
    "tenures": gettext_lazy("tenures"),
}


class Command(BaseCommand):
    """Adds what is new and changes what differs; a second run changes nothing."""

    help = "Load units, posts and officers from a TOML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, load nothing"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        is_trial = options["dry_run"]
        try:
            read = district_file.read(file)
            outcome = self._loaded(read, is_trial=is_trial)
        except BadDistrict as bad:
            raise CommandError(f"{file}: {_summary(bad.faults)}") from bad
        self._tell(outcome, is_trial=is_trial)

    def _loaded(self, read: District, *, is_trial: bool) -> LoadResult:
        try:
            return load_district(district=read, now=timezone.now(), is_trial=is_trial)
        except Refused as refused:
            fault = Fault(refused.where, "", explain(refused.reason))
            raise BadDistrict([fault.within(read.lines)]) from refused
        except BadDistrict as bad:
            raise bad.within(read.lines) from bad

    def _tell(self, outcome: LoadResult, *, is_trial: bool) -> None:
        for what, name in NAMES.items():
            added, changed = outcome.added[what], outcome.changed[what]
            if added or changed:
                details = {"what": name, "added": added, "changed": changed}
                self.stdout.write(_("%(what)s: %(added)d added, %(changed)d changed") % details)
        self.stdout.write(_("unchanged: %d") % outcome.unchanged)
        if is_trial:
            self.stdout.write(_("Trial run: nothing was loaded."))
            return
        if outcome.passwords:
            self.stdout.write("\n" + _("Temporary passwords, shown only once:"))
        for username, password in outcome.passwords:
            self.stdout.write(f"  {username}  {password}")


def _summary(faults: list[Fault]) -> str:
    parts = [str(fault) for fault in faults[:_SHOWN]]
    more = len(faults) - _SHOWN
    return "; ".join([*parts, *([_("and %d more") % more] if more > 0 else [])])
