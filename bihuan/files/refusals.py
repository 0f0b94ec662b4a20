"""Refusals of files as evidence."""

from enum import StrEnum

from bihuan.core.refusal import Refusal


class Reason(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    WRONG_TYPE = "wrong_type"
    MOVING = "moving"
    DAMAGED = "damaged"
    ACTIVE = "active"
    LOCKED = "locked"
    NOT_KEPT = "not_kept"
    TOO_SLOW = "too_slow"
    BUSY = "busy"


class FileRefused(Refusal):
    """The file is not stored; the limit is in bytes or pixels if one was exceeded."""

    def __init__(self, reason: Reason, *, name: str, limit: int = 0) -> None:
        super().__init__(reason, name, limit)
        self.reason, self.name, self.limit = reason, name, limit
