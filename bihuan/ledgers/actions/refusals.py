"""Why a whole file was not taken."""

from bihuan.core.refusal import Refusal


class NotWhole(Refusal):
    """All or nothing was asked for, and some rows were refused: nothing was kept."""


class GaveUp(Refusal):
    """The work was begun several times, and each time the worker stopped without a word."""


class StillAsked(Refusal):
    """Rows may be cases that are here, and nobody has said so or left them out."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Untried(Refusal):
    """The answers were changed after the trial, which nobody has seen with them."""
