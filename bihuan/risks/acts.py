"""What is done with a risk and with a control, as the journal names it."""

from enum import StrEnum


class Act(StrEnum):
    REGISTER = "register"
    CHANGE = "change"
    REGRADE = "regrade"
    PROPOSE_LOWER = "propose_lower"
    CONFIRM_LOWER = "confirm_lower"
    REFUSE_LOWER = "refuse_lower"
    WITHDRAW_LOWER = "withdraw_lower"
    RETIRE = "retire"
    REOPEN = "reopen"
    ADD_CONTROL = "add_control"
    CHANGE_CONTROL = "change_control"
    END_CONTROL = "end_control"
    CHECK = "check"
