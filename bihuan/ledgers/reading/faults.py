"""Why a row of a ledger cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.refusal import Refusal


class UnknownWord(Refusal):
    """The cell says something that the column has no meaning for: a unit, a grade, a closing."""

    def __init__(self, field: str, shown: str) -> None:
        super().__init__(field, shown)
        self.field, self.shown = field, shown


class NoDate(Refusal):
    """Nothing in the row says when the hazard was found."""


class LongTerm(Refusal):
    """ "Long-term" is no deadline: a day has to be set (HAZ-5)."""


class NotFixedYetVerified(Refusal):
    """One cell says that the fix is not done, another who verified it and when."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which field if it lies in one."""

    refusal: Refusal
    field: str = ""


class RowRefused(Exception):
    """The row cannot be read; every fault that was found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults
