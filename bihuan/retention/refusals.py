"""Why something is not proposed, not confirmed, or not handed over."""

from enum import StrEnum

from bihuan.core.refusal import Refusal


class NothingDue(Refusal):
    """No case of that class and year need go."""


class Decided(Refusal):
    """The list was confirmed, withdrawn or carried out already."""


class NotHeld(Refusal):
    """The hold was lifted already."""


class Obstacle(StrEnum):
    """What stands in the way of a package."""

    EXISTS = "exists"
    BUSY = "busy"
    NO_FOLDER = "no_folder"
    NO_ROOM = "no_room"
    NOTHING = "nothing"
    NO_UNIT = "no_unit"
    NO_CLASS = "no_class"
    NOT_OVER = "not_over"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"
    RECEIVED = "received"
    CHANGED = "changed"


class NotPacked(Refusal):
    """No package was made, or none was received."""

    def __init__(self, obstacle: Obstacle, what: str = "", other: str = "") -> None:
        super().__init__(obstacle, what, other)
        self.obstacle, self.what, self.other = obstacle, what, other
