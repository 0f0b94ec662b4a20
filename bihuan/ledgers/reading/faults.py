"""Why a row of a ledger cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.refusal import Refusal
from bihuan.hazards.ledger import LedgerRow


class UnknownWord(Refusal):
    """The cell says something that the column has no meaning for: a unit, a grade, a closing."""

    def __init__(self, field: str, shown: str, known: Sequence[str] = ()) -> None:
        super().__init__(field, shown, known)
        self.field, self.shown, self.known = field, shown, known


class NoDate(Refusal):
    """Nothing in the row says when the hazard was found."""


class NoReceipt(Refusal):
    """Nothing in the row of a register says when the matter came."""


class LongTerm(Refusal):
    """ "Long-term" is no deadline: a day has to be set (HAZ-5)."""


class SeveralDays(Refusal):
    """One cell names several days: the hazards that it speaks of have to be parted."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class StruckThrough(Refusal):
    """The row is struck through; whether it still holds has to be said."""


class NotFixedYetVerified(Refusal):
    """One cell says that the fix is not done, another who verified it and when."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which field if it lies in one."""

    refusal: Refusal
    field: str = ""


class RowRefused(Exception):
    """The row cannot be read; every fault that was found in it, and what else it says."""

    def __init__(self, faults: Sequence[Fault], rest: LedgerRow | None = None) -> None:
        super().__init__(faults)
        self.faults, self.rest = faults, rest
