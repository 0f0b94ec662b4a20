"""`bihuan imports-lost`: list every case whose fields an import replaced or cleared."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.desk.replaced import in_words
from bihuan.ledgers.lost import Replaced, replaced


class Command(BaseCommand):
    help = "List every case whose fields an import replaced or cleared, from the journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        listed: list[dict[str, Any]] = []
        lost = count = 0
        for each in replaced():
            count += 1
            lost += each.changes is None
            for line in _lines(each):
                self.stdout.write(line)
            if options["json"]:
                listed.append(_as_json(each))
        if options["json"]:
            details = {"updates": count, "lost": lost, "cases": listed}
            self.stdout.write(json.dumps(details, ensure_ascii=False))
        else:
            self.stdout.write(
                _("%(count)s updates by imports; the old values of %(lost)s are missing")
                % {"count": count, "lost": lost}
            )
        if lost:
            raise SystemExit(1)


def _lines(each: Replaced) -> list[str]:
    where = {
        "number": each.number,
        "at": formats.stamp(each.at),
        "who": each.who or _("the command line"),
        "file": each.file,
        "row": each.row or "?",
    }
    head = _("%(number)s: %(at)s, %(who)s, %(file)s row %(row)s") % where
    if each.changes is None:
        return [head + _(": the old values are missing; compare with a backup or the earlier file")]
    changes = in_words(each.kind, each.changes)
    return [head, *("  " + _("%(title)s: %(old)s → %(new)s") % one._asdict() for one in changes)]


def _as_json(each: Replaced) -> dict[str, Any]:
    return {
        "number": each.number,
        "at": each.at.isoformat(),
        "who": each.who,
        "file": each.file,
        "row": each.row,
        "changes": each.changes,
        "emptied": each.emptied,
    }
