"""`bihuan archive OUT --year …`: write ended cases as a package for the archive, or record its
receipt.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.retention import wording
from bihuan.retention.actions import hand_overs
from bihuan.retention.package.bag import BadBag, verified
from bihuan.retention.package.packing import Packed, pack, wanted
from bihuan.retention.refusals import NotPacked, Obstacle


class Command(BaseCommand):
    help = "Write ended cases to a new folder for the archive, or record its receipt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="OUT", help="the folder, or the digest of its manifest")
        parser.add_argument("--year", type=int, help="the year in which the cases ended")
        parser.add_argument("--unit", default="", help="code of a unit, with all below it")
        parser.add_argument(
            "--class",
            dest="classes",
            action="append",
            default=[],
            help="only these retention classes",
        )
        parser.add_argument("--early", action="store_true", help="even before the transfer is due")
        parser.add_argument(
            "--restricted",
            action="store_true",
            help="only confidential cases and cases with exclusions",
        )
        parser.add_argument("--received", default="", help="the archive's name for its receipt")
        parser.add_argument("--on", type=date.fromisoformat, help="the day on the receipt")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["received"]:
                self._receive(options)
                return
            if options["year"] is None:
                raise CommandError("--year, or --received")
            packed = self._pack(options)
        except NotPacked as refusal:
            raise CommandError(wording.explain(refusal)) from refusal
        self._say(packed, options["json"])
        if packed.damaged:
            raise SystemExit(1)

    def _pack(self, options: dict[str, Any]) -> Packed:
        now = timezone.now()
        selection = wanted(
            year=options["year"],
            unit_code=options["unit"],
            ids=options["classes"],
            early=options["early"],
            restricted=options["restricted"],
            now=now,
        )
        return pack(out=Path(options["out"]), selection=selection, now=now, say=self.stderr.write)

    def _say(self, packed: Packed, as_json: bool) -> None:
        assert packed.row is not None, "nothing was refused"
        digest = packed.row.manifest_digest
        text = _("%(cases)d cases and %(files)d files; manifest %(digest)s")
        figures = {"cases": packed.cases, "files": packed.files, "digest": digest}
        self.stdout.write(text % figures)
        if packed.restricted:
            text = _("%(n)d more go into the other type of package (with or without --restricted)")
            self.stdout.write(text % {"n": packed.restricted})
        for number in packed.damaged:
            text = _("%(number)s: a file is missing or was changed; the case is left out")
            self.stdout.write(text % {"number": number})
        if as_json:
            more = {"bytes": packed.bytes, "damaged": packed.damaged, "folder": str(packed.folder)}
            self.stdout.write(json.dumps({**figures, **more}, ensure_ascii=False))

    def _receive(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        on = options["on"] or localdate(now)
        if on > localdate(now):
            raise CommandError(_("--on: this date is in the future"))
        digest = self._digest(options["out"])
        row = hand_overs.receive(digest=digest, receipt=options["received"][:80], on=on, now=now)
        text = _("Received %(day)s: %(receipt)s (%(n)d cases)")
        self.stdout.write(text % {"day": on, "receipt": row.receipt, "n": row.cases})

    def _digest(self, out: str) -> str:
        folder = Path(out)
        if not folder.is_dir():
            return out.lower()
        try:
            return verified(folder)
        except (BadBag, OSError) as fault:
            raise NotPacked(Obstacle.CHANGED, out, str(fault)) from fault
