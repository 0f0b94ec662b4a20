"""`bihuan load-boundaries FILE.geojson`: give units the outlines of their areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.maps import reader, wording
from bihuan.maps.actions import load_boundaries
from bihuan.maps.reader import BadBoundaries, Placed
from bihuan.orgs.models import Unit

_SHOWN = 20


class Command(BaseCommand):
    """Adds outlines and replaces those that differ; a second run changes nothing."""

    help = "Load the boundaries of units from a GeoJSON file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.geojson")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, load nothing"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        is_trial = options["dry_run"]
        try:
            outcome = load_boundaries(
                outlines=reader.read(file),
                source=file.name,
                now=timezone.now(),
                is_trial=is_trial,
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except BadBoundaries as bad:
            raise CommandError(f"{file}: {_summary(bad.faults)}") from bad
        self._list(_("added: %d"), outcome.added)
        self._list(_("replaced: %d"), outcome.replaced)
        self.stdout.write(_("unchanged: %d") % len(outcome.unchanged))
        if is_trial:
            self.stdout.write(_("Trial run: nothing was loaded."))

    def _list(self, title: str, units: list[Unit]) -> None:
        self.stdout.write(title % len(units))
        for unit in units:
            self.stdout.write(f"  {unit.code}  {unit.name}")


def _summary(faults: list[Placed]) -> str:
    parts = [wording.placed(fault) for fault in faults[:_SHOWN]]
    more = len(faults) - _SHOWN
    return "; ".join([*parts, *([_("and %d more") % more] if more > 0 else [])])
