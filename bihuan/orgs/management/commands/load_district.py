"""`bihuan load-district FILE.toml`: units, posts, officers and who holds which post."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from bihuan.orgs import district
from bihuan.orgs.actions.district import Outcome, Refused, load_district
from bihuan.orgs.wording import explain

_SHOWN = 10


class Command(BaseCommand):
    """Adds what is new and changes what differs; a second run changes nothing."""

    help = "Load units, posts and officers from a TOML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml")

    @no_translations
    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            outcome = load_district(district=district.read(file), now=timezone.now())
        except Refused as refused:
            raise CommandError(f"{file}: {refused.where}: {explain(refused.reason)}") from refused
        except district.BadDistrict as bad:
            raise CommandError(f"{file}: {_summary(bad.faults)}") from bad
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        for what in ("units", "posts", "officers", "tenures"):
            added, changed = outcome.added[what], outcome.changed[what]
            if added or changed:
                self.stdout.write(f"{what}: {added} added, {changed} changed")
        self.stdout.write(f"unchanged: {outcome.unchanged}")
        if outcome.passwords:
            self.stdout.write("\nTemporary passwords, shown only now:")
        for username, password in outcome.passwords:
            self.stdout.write(f"  {username}  {password}")


def _summary(faults: list[str]) -> str:
    more = len(faults) - _SHOWN
    return "; ".join(faults[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
