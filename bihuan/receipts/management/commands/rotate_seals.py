"""`bihuan rotate-seals`: run after a new key was put first in BIHUAN_SEAL_KEYS."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import wording
from bihuan.core.refusal import Refusal
from bihuan.receipts import proving
from bihuan.receipts.actions import intake, seal_keys, seals

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Wrap the keys of all sealed identities with the newest key; a second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
        parser.add_argument("--lost", metavar="KEY", help="declare this key lost; journaled")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["lost"]:
            self._give_up(options["lost"], now)
            return
        seal_keys.note(now=now)
        # Codes that wait for their slow hash are encrypted with the older key as well.
        codes = 0
        while hardened := intake.harden()["codes"]:
            codes += hardened
        waiting = intake.harden()["failed"]
        done = seals.rotate(now=now)
        if done.failed:
            self._say_why()
        else:
            seal_keys.retire(now=now)
        counts = {**asdict(done), "codes": codes, "failed": done.failed + waiting}
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            text = _("%(seals)d seals rewrapped, %(codes)d codes hardened, %(failed)d failed")
            self.stdout.write(text % counts)
        if counts["failed"]:
            raise SystemExit(1)

    def _say_why(self) -> None:
        """Print which seals cannot be decrypted, by a number that does not identify a case."""
        for row in seal_keys.missing():
            self.stdout.write(proving.missing(row))
        found = list(seal_keys.unopened())
        for each in found[:SHOWN]:
            self.stdout.write(proving.unopened(each))
        if len(found) > SHOWN:
            self.stdout.write(_("and %d more") % (len(found) - SHOWN))

    def _give_up(self, label: str, now: datetime) -> None:
        try:
            seal_keys.give_up(label=label, now=now)
        except Refusal as refusal:
            raise CommandError(wording.explain(refusal)) from refusal
        text = _("Key %s is declared lost. Anything sealed only with it can never be unsealed.")
        self.stdout.write(text % label)
