"""Refusals by the rules of retention."""

from enum import StrEnum

from bihuan.core.refusal import Refusal


class NothingDue(Refusal):
    """No case of that class and year is due."""


class Decided(Refusal):
    """The list was already confirmed, withdrawn or carried out."""


class NotHeld(Refusal):
    """The hold was already lifted."""


class Obstacle(StrEnum):
    """What prevents a package."""

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
