"""The ledgers of grievances (信访台账) and of suggestions (建议台账) as types of ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.core.history import RowFault
from bihuan.grievances import register as suggestions
from bihuan.grievances.actions.ledger_rows import Grievances, Suggestions
from bihuan.grievances.ledger.adopted import ADOPTED, adopted
from bihuan.grievances.wording import explain
from bihuan.imports import register
from bihuan.imports.ledger import CaseLedger
from bihuan.imports.register import RegisterRow
from bihuan.imports.register_reading import RegisterAssembly
from bihuan.sheets.ledger.types import Choices, LedgerWords
from bihuan.sheets.ledger.vocabulary import read

FOLDER = Path(__file__).parent

GRIEVANCES: CaseLedger[RegisterRow] = CaseLedger(
    vocabulary=read("grievance", FOLDER / "grievance_columns.toml"),
    sheet="信访台账",
    words=LedgerWords(
        name=gettext_lazy("Petitions, complaints and hotline orders"),
        looks_like=gettext_lazy("This looks like a ledger of petitions."),
        same=gettext_lazy("the same grievance"),
        another=gettext_lazy("another grievance"),
        explain=explain,
    ),
    assembly=RegisterAssembly,
    intake=Grievances,
    row_of=register.row_of,
    named=register.NAMED,
    sample=FOLDER / "grievance_sample.toml",
    order=2,
)


def _answers() -> Mapping[str, Choices]:
    return {"adopted": [("yes", _("Adopted, in whole or in part")), ("no", _("Not adopted"))]}


SUGGESTIONS: CaseLedger[RegisterRow] = CaseLedger(
    vocabulary=read("suggestion", FOLDER / "suggestion_columns.toml"),
    sheet="建议台账",
    words=LedgerWords(
        name=pgettext_lazy("a ledger", "Suggestions"),
        looks_like=gettext_lazy("This looks like a ledger of suggestions."),
        same=gettext_lazy("the same suggestion"),
        another=gettext_lazy("another suggestion"),
        rows={
            RowFault.ADOPTED_UNSAID: gettext_lazy(
                "The row says that the suggestion was answered, but not whether it was adopted."
            ),
            RowFault.ANSWER_UNSAID: gettext_lazy(
                "A suggestion needs an answer with reasons, whether adopted or not."
            ),
        },
        explain=explain,
    ),
    assembly=RegisterAssembly,
    intake=Suggestions,
    row_of=suggestions.row_of,
    named=suggestions.NAMED,
    sample=FOLDER / "suggestion_sample.toml",
    order=3,
    says={"adopted": lambda row: ADOPTED.get(row.adopted, "")},
    converters={"adopted": adopted},
    answers=_answers,
)
