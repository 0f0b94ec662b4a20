"""`bihuan free-duplicates`: no hazard waits behind one that nobody deals with."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bihuan.core.hazard import Stage
from bihuan.hazards.actions import duplicates


class Command(BaseCommand):
    help = (
        "Earlier versions let two hazards be rejected as duplicates of each other. Name each "
        "such case, and bring it back or let it follow the one that goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only name them")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        now, freed = timezone.now(), {"came_back": 0, "follow": 0}
        lost = duplicates.stranded()
        for case in lost:
            if options["dry_run"]:
                self.stdout.write(f"{case.number} is a duplicate of {case.duplicate_of}")
                continue
            done = duplicates.free(case=case, now=now)
            back = done.stage == Stage.REPORTED
            freed["came_back" if back else "follow"] += 1
            told = "came back" if back else f"follows {done.duplicate_of}"
            self.stdout.write(f"{case.number} {told}")
        if options["json"]:
            self.stdout.write(json.dumps({"stranded": len(lost), **freed}))
        else:
            self.stdout.write(f"free-duplicates: {len(lost)} cases were stranded")
        if lost:
            raise SystemExit(1)
