"""The types of ledgers as the tests ask for them: the columns and words of one, the rows of all."""

from pathlib import Path
from typing import Any

import bihuan.hazards.ledger
from bihuan.grievances.actions.ledger_rows import Grievances, Suggestions
from bihuan.hazards.actions import ledger_rows as hazards
from bihuan.imports.actions.row_intake import Ledger
from bihuan.ledgers.wording import row_words
from bihuan.mediations.actions.ledger_rows import Disputes
from bihuan.sheets.ledger import types

DATA = Path(bihuan.hazards.ledger.__file__).parent
HAZARDS = types.of("hazard")
HAZARD = HAZARDS.vocabulary
FIELDS, BY_NAME, SYNONYMS = HAZARD.fields, HAZARD.by_name, HAZARD.synonyms
ROWS = row_words(HAZARDS)
KINDS = [each.kind for each in types.every()]
LEDGERS: dict[str, type[Ledger[Any]]] = {
    "hazard": hazards.Ledger,
    "grievance": Grievances,
    "suggestion": Suggestions,
    "mediation": Disputes,
}
