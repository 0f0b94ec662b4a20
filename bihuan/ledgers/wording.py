"""Ledgers in words: why a row, a cell or a mapping was refused."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.history import RowFault
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.core.refusal import Refusal
from bihuan.hazards import wording as hazard_words
from bihuan.ledgers.actions.importing import Words
from bihuan.ledgers.actions.refusals import NotWhole
from bihuan.ledgers.fields import GRADES, STAGES
from bihuan.ledgers.mapping import MappingFault
from bihuan.ledgers.reading import LongTerm, NoDate, UnknownWord
from bihuan.sheets import wording as sheet_words
from bihuan.sheets.refusals import CellRefused, SheetRefused

ROWS: dict[RowFault, str | Promise] = {
    RowFault.NOTHING_FOUND: gettext_lazy("The row does not say what was found."),
    RowFault.NO_PLACE: gettext_lazy("The row does not say where."),
    RowFault.NO_DATE: gettext_lazy("The row does not say when it was found."),
    RowFault.IN_THE_FUTURE: gettext_lazy("The date lies in the future."),
    RowFault.CLOSED_WITHOUT_DATE: gettext_lazy(
        "The row says closed, but not when it was verified or closed."
    ),
    RowFault.CLOSED_BEFORE_FOUND: gettext_lazy("It was closed before it was found."),
    RowFault.DEADLINE_BEFORE_FOUND: gettext_lazy("The deadline lies before the day it was found."),
    RowFault.VERIFIED_BY_RESOLVER: gettext_lazy(
        "The officer who answers for the fix also verified it; somebody else has to."
    ),
    RowFault.NO_DEADLINE: gettext_lazy("An assigned hazard needs a deadline."),
    RowFault.MAJOR_WITHOUT_STANDARD: gettext_lazy(
        "A major hazard needs the standard by which it was judged."
    ),
    RowFault.TWICE_IN_THE_FILE: gettext_lazy("The same number stands in the file twice."),
    RowFault.WORKED_ON: gettext_lazy(
        "This case has moved on in the system since it was imported; change it there."
    ),
}
MAPPINGS: dict[str, str | Promise] = {
    "not_toml": gettext_lazy("%(where)s is not a mapping file: %(what)s"),
    "unknown_table": gettext_lazy("%(where)s: there is no table [%(what)s] in a mapping."),
    "not_texts": gettext_lazy("%(where)s: [%(what)s] must hold texts only."),
    "unknown_zone": gettext_lazy("%(where)s: there is no time zone “%(what)s”."),
    "unknown_field": gettext_lazy("%(where)s: ledgers have no field “%(what)s”."),
    "no_such_column": gettext_lazy("The file has no column “%(what)s” for %(where)s."),
    "column_names_the_public": gettext_lazy(
        "The column “%(what)s” identifies members of the public and is never read in."
    ),
}


def words() -> Words:
    """The words for an import, in the language that is active now."""
    return Words(lambda fault: explain(fault.refusal), _("Why it was not imported"))


def explain(refusal: Refusal) -> str:
    """The refusal as a sentence for whoever brought the file."""
    match refusal:
        case SheetRefused() | CellRefused():
            return sheet_words.explain(refusal)
        case HistoryRefused(fault=fault):
            return str(ROWS[fault])
        case MappingFault(code=code, where=where, what=what):
            return str(MAPPINGS[code]) % {"where": where, "what": what}
        case UnknownWord(field=name, shown=shown):
            return _unknown(name, shown)
        case NoDate():
            return str(ROWS[RowFault.NO_DATE])
        case LongTerm():
            return _("“Long-term” is no deadline; write a day.")
        case NotWhole():
            return _("Some rows were refused, so nothing was kept, as you asked.")
    return hazard_words.explain(refusal)


def _unknown(name: str, shown: str) -> str:
    if name == "unit":
        return _("There is no unit “%(shown)s” here, or several of that name.") % {"shown": shown}
    known = GRADES.values() if name == "grade" else STAGES.values()
    return _("“%(shown)s” is not one of: %(known)s.") % {
        "shown": shown,
        "known": _("; ").join(known),
    }
