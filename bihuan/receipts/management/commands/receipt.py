"""`bihuan receipt`: check a slip offline, or print the keys for checking."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.core import codes
from bihuan.receipts import slips
from bihuan.receipts.first_slips import BadSlip
from bihuan.receipts.queries import receipt_keys
from bihuan.receipts.wording.slips import BAD_SLIPS, PROVISIONAL

LONGEST = 10_000


class Command(BaseCommand):
    help = "Check a receipt of the public, or print the keys for checking receipts."

    def add_arguments(self, parser: CommandParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        check = jobs.add_parser("check", help="check whether a slip is unchanged since signing")
        check.add_argument("slip", metavar="FILE|-", help="the slip's text; - reads it from stdin")
        check.add_argument("--key", type=Path, metavar="FILE", help="what `receipt keys` printed")
        check.add_argument("--json", action="store_true", help="one JSON object as the last line")
        jobs.add_parser("keys", help="the public keys, as /receipt-keys/ publishes them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["job"] == "keys":
            self.stdout.write(json.dumps(slips.published(receipt_keys.every()), indent=1))
        else:
            self._check(_text(options["slip"]), _keys(options["key"]), as_json=options["json"])

    def _check(self, text: str, keys: dict[str, str], *, as_json: bool) -> None:
        result: dict[str, str | bool | None]
        try:
            slip = slips.read(text, keys)
        except BadSlip as bad:
            result = {"genuine": False, "why": bad.why, "message": str(BAD_SLIPS[bad.why])}
        else:
            result = {
                "genuine": True,
                "code": codes.written(slip.code),
                "day": slip.day.isoformat(),
                "due": slip.due.at.isoformat() if slip.due else None,
                "provisional": slip.due is not None and slip.due.is_provisional,
                "content": slip.content,
                "key": slip.key,
            }
        self.stdout.write(json.dumps(result) if as_json else _in_words(result))
        if not result["genuine"]:
            raise SystemExit(1)


def _in_words(values: dict[str, str | bool | None]) -> str:
    if not values["genuine"]:
        return str(values["message"])
    lines = [_("This receipt is genuine.")]
    lines += [f"{name} {values[name] or '-'}" for name in ("code", "day", "due", "content", "key")]
    if values["provisional"]:
        lines.append(str(PROVISIONAL))
    return "\n".join(lines)


def _text(name: str) -> str:
    if name == "-":
        return sys.stdin.read(LONGEST)
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            return file.read(LONGEST)
    except UnicodeDecodeError as error:
        raise CommandError(_("%s: not a text") % name) from error


def _keys(path: Path | None) -> dict[str, str]:
    """Return the keys in the file; without one, those of this installation."""
    if path is None:
        return receipt_keys.every()
    try:
        return slips.keys_of(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise CommandError(_("%s: not the output of “bihuan receipt keys”") % path) from error
