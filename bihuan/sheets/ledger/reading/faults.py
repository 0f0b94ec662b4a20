"""Why a row of a ledger cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.refusal import Refusal


class UnknownWord(Refusal):
    """The cell says something that the column has no meaning for: a unit, a grade, a closing."""

    def __init__(self, field: str, shown: str, known: Sequence[str] = ()) -> None:
        super().__init__(field, shown, known)
        self.field, self.shown, self.known = field, shown, known


class NoDate(Refusal):
    """Nothing in the row says when it began."""


class LongTerm(Refusal):
    """ "Long-term" is no deadline: a day has to be set."""


class SeveralDays(Refusal):
    """One cell names several days: what it speaks of has to be split."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class StruckThrough(Refusal):
    """The row is struck through; whether it still holds has to be said."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which field if it lies in one."""

    refusal: Refusal
    field: str = ""


class RowRefused(Exception):
    """The row cannot be read; every fault that was found in it, and what else it says."""

    def __init__(self, faults: Sequence[Fault], rest: object | None = None) -> None:
        super().__init__(faults)
        self.faults, self.rest = faults, rest
