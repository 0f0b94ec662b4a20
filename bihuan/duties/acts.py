"""What is done with a duty, as the journal names it."""

from enum import StrEnum


class Act(StrEnum):
    ASSIGN = "assign"
    REWORD = "reword"
    HAND_OVER = "hand_over"
    SIGN = "sign"
    END = "end"
