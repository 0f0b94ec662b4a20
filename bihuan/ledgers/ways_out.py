"""How to resolve a refused row, depending on where the reader is."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.sheets.ledger.reading import SeveralDays, StruckThrough, UnknownWord
from bihuan.sheets.ledger.types import LedgerType, Parting


class Medium(Enum):
    """Where the reasons for a refusal are read, which determines how they can be resolved."""

    PAGE = auto()
    COMMAND = auto()


def of(refusal: Refusal, ledger: LedgerType[Any], medium: Medium) -> str:
    """Return how to resolve a refusal; empty if only the file can be corrected."""
    by_command = medium is Medium.COMMAND
    match refusal:
        case SeveralDays() if ledger.parting:
            return _split(ledger.parting, by_command)
        case StruckThrough():
            return _struck(by_command)
        case UnknownWord(field=field):
            return _word(field, ledger, by_command)
    return ""


def _split(parting: Parting, by_command: bool) -> str:
    if by_command:
        return str(parting.by_command)
    return _("Or choose to split such rows in the trial run, under “Questions about the rows”.")


def _struck(by_command: bool) -> str:
    if by_command:
        return _("Use --struck read or --struck skip.")
    return _("Answer in the trial run, under “Questions about the rows”.")


def _word(field: str, ledger: LedgerType[Any], by_command: bool) -> str:
    if not by_command:
        return _("Define it in the trial run for all such rows, under “Unknown words”.")
    if field in ledger.words.define:
        return str(ledger.words.define[field])
    if field == "closed":
        return _("Define it once in a mapping file, under [words.closed]: “yes” or “no”.")
    return _("Define it once in a mapping file, under [words.%(field)s].") % {"field": field}
