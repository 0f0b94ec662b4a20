"""Why a whole file was not taken."""

from bihuan.core.refusal import Refusal


class NotWhole(Refusal):
    """All or nothing was asked for, and some rows were refused: nothing was kept."""
