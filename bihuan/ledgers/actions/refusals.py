"""Why a whole file was not taken."""

from bihuan.core.refusal import Refusal


class NotWhole(Refusal):
    """All or nothing was asked for, and some rows were refused: nothing was kept."""


class GaveUp(Refusal):
    """The work was begun several times, and each time whoever did it stopped without a word."""
