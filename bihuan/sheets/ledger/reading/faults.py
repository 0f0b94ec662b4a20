"""Why a row of a ledger cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.refusal import Refusal


class UnknownWord(Refusal):
    """The word has no meaning in this column: a unit, a grade, a closure."""

    def __init__(self, field: str, shown: str, known: Sequence[str] = ()) -> None:
        super().__init__(field, shown, known)
        self.field, self.shown, self.known = field, shown, known


class NoDate(Refusal):
    """The row has no date on which it began."""


class LongTerm(Refusal):
    """ "Long-term" is not a deadline: a day must be set."""


class SeveralDays(Refusal):
    """One cell names several days: its matters must be split."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class StruckThrough(Refusal):
    """The row is struck through; the user must say whether it is still valid."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which field, if any."""

    refusal: Refusal
    field: str = ""


class RowRefused(Exception):
    """The row cannot be read; contains every fault, and its valid values."""

    def __init__(self, faults: Sequence[Fault], rest: object | None = None) -> None:
        super().__init__(faults)
        self.faults, self.rest = faults, rest
