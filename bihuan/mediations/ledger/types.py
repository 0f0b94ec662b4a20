"""The ledger of disputes (矛盾纠纷台账) as a type of ledger."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy

from bihuan.imports import register
from bihuan.imports.ledger import CaseLedger
from bihuan.imports.register import RegisterRow
from bihuan.imports.register_reading import RegisterAssembly
from bihuan.mediations.actions.ledger_rows import Disputes
from bihuan.mediations.wording import explain
from bihuan.sheets.ledger.types import LedgerWords
from bihuan.sheets.ledger.vocabulary import read

FOLDER = Path(__file__).parent

LEDGER: CaseLedger[RegisterRow] = CaseLedger(
    vocabulary=read("mediation", FOLDER / "columns.toml"),
    sheet="矛盾纠纷台账",
    words=LedgerWords(
        name=gettext_lazy("Disputes found on screening rounds, and their mediation"),
        looks_like=gettext_lazy("This looks like a ledger of disputes."),
        same=gettext_lazy("the same dispute"),
        another=gettext_lazy("another dispute"),
        explain=explain,
    ),
    assembly=RegisterAssembly,
    intake=Disputes,
    row_of=register.row_of,
    named=register.NAMED,
    sample=FOLDER / "sample.toml",
    order=4,
)
