"""What a ledger says of whether a hazard is closed, and what may not stand beside it."""

from enum import StrEnum


class Closing(StrEnum):
    """What the word under "closed" means."""

    CLOSED = "yes"
    OPEN = "no"
    """Not struck off; it may have been fixed and verified."""
    UNFIXED = "unfixed"
    """The fix itself is not done."""

    @property
    def is_closed(self) -> bool:
        return self is Closing.CLOSED


def together(said: frozenset[Closing]) -> Closing | None:
    """What several words in one cell mean; None if one says closed and another does not."""
    if len(said) == 1:
        return next(iter(said))
    return Closing.UNFIXED if said and Closing.CLOSED not in said else None


def may_stand(closing: Closing, *, verified: bool) -> bool:
    """HAZ-8: what somebody verified has been fixed; one of two such cells is wrong."""
    return not (verified and closing is Closing.UNFIXED)
