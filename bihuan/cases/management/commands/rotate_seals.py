"""`bihuan rotate-seals`: after a new key was put before the others in BIHUAN_SEAL_KEYS."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bihuan.cases.actions import intake, seals


class Command(BaseCommand):
    help = "Wrap the keys of all sealed identities by the newest key; run twice, it does nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        # Codes that wait for their slow hash are under the older key as well.
        codes = 0
        while hardened := intake.harden()["codes"]:
            codes += hardened
        waiting = intake.harden()["failed"]
        done = seals.rotate(now=timezone.now())
        counts = {**asdict(done), "codes": codes, "failed": done.failed + waiting}
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
        if counts["failed"]:
            raise SystemExit(1)
