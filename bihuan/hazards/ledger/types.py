"""The ledger of hazards (隐患台账) as a type of ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.ledger import words
from bihuan.hazards.ledger.assembly import HazardAssembly
from bihuan.hazards.ledger.wording import PARTING, WORDS
from bihuan.hazards.models import Hazard
from bihuan.hazards.rows import NAMED, LedgerRow, row_of
from bihuan.imports.ledger import CaseLedger, Says
from bihuan.sheets.ledger.types import Choices
from bihuan.sheets.ledger.vocabulary import read

FOLDER = Path(__file__).parent

_SAYS: dict[str, Says] = {
    "grade": lambda row: words.GRADES.get(row.grade, ""),
    "rebounds": lambda row: row.rebounds or None,
}


def _answers() -> Mapping[str, Choices]:
    return {
        "grade": list(Hazard.Grade.choices),
        "closed": [
            ("yes", _("Yes, closed")),
            ("no", _("No, the fix is not done")),
            ("verified", _("No, but the fix may have been verified")),
        ],
    }


LEDGER: CaseLedger[LedgerRow] = CaseLedger(
    vocabulary=read("hazard", FOLDER / "columns.toml"),
    sheet="隐患台账",
    words=WORDS,
    assembly=HazardAssembly,
    intake=Ledger,
    row_of=row_of,
    named=NAMED,
    sample=FOLDER / "sample.toml",
    order=1,
    says=_SAYS,
    converters={"grade": words.grade, "rebounds": words.rebounds},
    closing=words.closing,
    parting=PARTING,
    answers=_answers,
)
