"""`bihuan export`: write a ledger as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.ledgers import samples
from bihuan.ledgers.actions.exporting import write_sheets
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from bihuan.sheets.writer import require_writable


class Command(BaseCommand):
    help = "Write the ledger as a workbook that can be imported again without loss."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--kind", required=True, choices=[each.kind for each in types.every()])
        parser.add_argument("--stage", help="only cases in this stage")
        parser.add_argument("--unit", metavar="CODE", help="only this unit and those below it")
        parser.add_argument(
            "--sample", action="store_true", help="sample rows to show the columns; no cases"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ledger = types.of(options["kind"])
        if options["sample"]:
            require_writable(options["out"])
            samples.write(options["out"], ledger)
            return
        if options["stage"] and options["stage"] not in ledger.stages:
            raise CommandError(
                _("--stage %(stage)s: not one of %(known)s")
                % {"stage": options["stage"], "known": ", ".join(ledger.stages)}
            )
        records = ledger.records(_unit(options["unit"]), options["stage"] or "")
        written = write_sheets(options["out"], [(ledger, records)])
        text = _("%(count)d rows in %(file)s")
        self.stdout.write(text % {"count": written, "file": options["out"]})


def _unit(code: str | None) -> Unit | None:
    if not code:
        return None
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(_("--unit %s: there is no unit with this code") % code)
    return unit
