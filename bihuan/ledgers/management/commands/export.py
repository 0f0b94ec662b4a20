"""`bihuan export`: a ledger written as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.ledgers import samples
from bihuan.ledgers.actions.exporting import write_ledger
from bihuan.ledgers.books import BOOKS
from bihuan.orgs.models import Unit
from bihuan.sheets.writer import require_writable


class Command(BaseCommand):
    help = "Write the ledger as a workbook that can be imported again without loss."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--kind", required=True, choices=list(BOOKS))
        parser.add_argument("--stage", help="only cases in this stage")
        parser.add_argument("--unit", metavar="CODE", help="only this unit and those below it")
        parser.add_argument(
            "--sample", action="store_true", help="sample rows to show the columns; no cases"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sample"]:
            require_writable(options["out"])
            samples.write(options["out"], options["kind"])
            return
        # A workbook is handed round: what is shut to anybody does not get into one.
        cases = Case.objects.filter(kind=options["kind"], is_confidential=False, exclusions=None)
        cases = cases.order_by("number")
        if options["stage"]:
            stages = BOOKS[options["kind"]].lifecycle.stages
            if options["stage"] not in stages:
                known = ", ".join(stages)
                raise CommandError(
                    _("--stage %(stage)s: not one of %(known)s")
                    % {"stage": options["stage"], "known": known}
                )
            cases = cases.filter(stage=options["stage"])
        if options["unit"]:
            unit = Unit.objects.filter(code=options["unit"]).first()
            if unit is None:
                raise CommandError(
                    _("--unit %s: there is no unit with this code") % options["unit"]
                )
            cases = cases.filter(owner__in=Unit.objects.within(unit))
        written = write_ledger(options["out"], cases)
        said = _("%(count)d rows in %(file)s")
        self.stdout.write(said % {"count": written, "file": options["out"]})
