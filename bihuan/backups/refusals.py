"""Why a backup is not made or not restored."""

from enum import StrEnum

from bihuan.core.refusal import Refusal


class Reason(StrEnum):
    """The obstacle."""

    EXISTS = "exists"
    BUSY = "busy"
    NO_ROOM = "no_room"
    KEY_IS_OPEN = "key_is_open"
    NOT_A_KEY = "not_a_key"
    SEAL_KEY = "seal_key"
    NOT_MIGRATED = "not_migrated"
    NEEDS_KEY = "needs_key"
    NOT_ENCRYPTED = "not_encrypted"
    WRONG_KEY = "wrong_key"
    CHANGED = "changed"
    OTHER_FORMAT = "other_format"
    OTHER_ENGINE = "other_engine"
    NEWER_RELEASE = "newer_release"
    NOT_EMPTY = "not_empty"
    OTHER_RESTORE = "other_restore"
    UNFINISHED = "unfinished"


class BackupRefused(Refusal):
    """Nothing was done, or what was begun is marked as unfinished."""

    def __init__(self, reason: Reason, what: str = "", other: str = "") -> None:
        super().__init__(reason, what, other)
        self.reason, self.what, self.other = reason, what, other
