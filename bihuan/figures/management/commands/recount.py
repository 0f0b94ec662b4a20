"""`bihuan recount`: recalculate every counter from the records, compare, and correct."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.figures.actions import recounting
from bihuan.figures.actions.recounting import Difference
from bihuan.orgs.models import Unit


class Command(BaseCommand):
    help = "Recalculate every counter from the records; list and repair those that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list them, change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        found = list(recounting.recount(now=timezone.now(), dry_run=dry_run))
        codes = Unit.objects.in_bulk([each.unit for each in found if each.unit])
        for each in found:
            unit = codes[each.unit].code if each.unit in codes else "*"
            self.stdout.write(f"{each.period} {each.group} {unit}: {_changes(each)}")
        repaired = 0 if dry_run else len(found)
        if options["json"]:
            self.stdout.write(json.dumps({"differences": len(found), "repaired": repaired}))
        elif dry_run:
            self.stdout.write(_("Counters that differ: %d. Nothing was changed.") % len(found))
        else:
            self.stdout.write(_("Counters that differed and were corrected: %d") % len(found))
        if found:
            raise SystemExit(1)


def _changes(difference: Difference) -> str:
    """Return the stored and the actual values of counters that differ."""
    return ", ".join(
        f"{name} {stored} → {counted}" for name, (stored, counted) in difference.numbers.items()
    )
