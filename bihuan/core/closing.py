"""The closure of a hazard in a ledger, and whether its cells contradict each other."""

from enum import StrEnum


class Closing(StrEnum):
    """The meaning of the word in the "closed" column."""

    CLOSED = "yes"
    OPEN = "no"
    """Not closed; it may have been fixed and verified."""
    UNFIXED = "unfixed"
    """The fix itself is not done."""

    @property
    def is_closed(self) -> bool:
        return self is Closing.CLOSED


def together(answers: frozenset[Closing]) -> Closing | None:
    """Combine several words in one cell; None if they contradict each other."""
    if len(answers) == 1:
        return next(iter(answers))
    return Closing.UNFIXED if answers and Closing.CLOSED not in answers else None


def may_stand(closing: Closing, *, verified: bool) -> bool:
    """HAZ-8: a verified hazard has been fixed; False if the two cells contradict each other."""
    return not (verified and closing is Closing.UNFIXED)
