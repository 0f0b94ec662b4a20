"""`bihuan recount`: every counter worked out again from the records, compared, and put right."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.orgs.models import Unit
from bihuan.portal.actions import figures
from bihuan.portal.actions.figures import Difference


class Command(BaseCommand):
    help = "Recalculate every counter from the records; list and repair those that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(figures.recount(now=timezone.now()))
        codes = Unit.objects.in_bulk([each.unit for each in found if each.unit])
        for each in found:
            unit = codes[each.unit].code if each.unit in codes else "*"
            self.stdout.write(f"{each.month:%Y-%m} {each.kind} {unit}: {_changes(each)}")
        if options["json"]:
            self.stdout.write(json.dumps({"differences": len(found), "repaired": len(found)}))
        else:
            self.stdout.write(_("Counters that differed and were corrected: %d") % len(found))
        if found:
            raise SystemExit(1)


def _changes(difference: Difference) -> str:
    """What stood there, and what the records say; nothing of what agrees."""
    kept, counted = difference.kept, difference.counted
    if kept is None or counted is None:
        return _("missing") if kept is None else _("nothing to count")
    return ", ".join(
        f"{name} {kept[name]} → {counted[name]}" for name in kept if kept[name] != counted[name]
    )
