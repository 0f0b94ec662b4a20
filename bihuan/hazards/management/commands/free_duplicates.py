"""`bihuan free-duplicates`: free hazards that follow a case that is not being handled."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.core.hazard import Stage
from bihuan.hazards.actions import duplicates


class Command(BaseCommand):
    help = (
        "Earlier versions let two hazards be rejected as duplicates of each other. Name each "
        "such case, and bring it back or let it follow the one that goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list them")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        now, freed = timezone.now(), {"came_back": 0, "follow": 0}
        lost = duplicates.stranded()
        for case in lost:
            if options["dry_run"]:
                text = _("%(case)s is a duplicate of %(other)s")
                self.stdout.write(text % {"case": case.number, "other": case.duplicate_of})
                continue
            done = duplicates.free(case=case, now=now)
            back = done.stage == Stage.REPORTED
            freed["came_back" if back else "follow"] += 1
            text = _("%(case)s restored") if back else _("%(case)s follows %(other)s")
            self.stdout.write(text % {"case": case.number, "other": done.duplicate_of})
        if options["json"]:
            self.stdout.write(json.dumps({"stranded": len(lost), **freed}))
        else:
            self.stdout.write(_("Cases whose original was also rejected: %d") % len(lost))
        if lost:
            raise SystemExit(1)
