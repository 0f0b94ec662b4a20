"""Why a whole file was not imported."""

from bihuan.core.refusal import Refusal


class NotWhole(Refusal):
    """All or nothing was requested, and some rows were refused: nothing was saved."""


class GaveUp(Refusal):
    """The job was started several times, and each time the worker died."""


class StillAsked(Refusal):
    """Rows may be existing cases, and the questions are unanswered."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Untried(Refusal):
    """The answers were changed after the trial run, so their effect has not been checked."""
