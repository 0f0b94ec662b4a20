"""What is done with plans, their rounds and draws, and which states that leads from and to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bihuan.core.refusal import WrongStage


class Act(StrEnum):
    # Plans.
    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"
    # Rounds, made by time or from a draw.
    MAKE = "make"
    ADD = "add"
    COMPLETE = "complete"
    RUN_OUT = "run_out"
    # What is planned at one site.
    BEGIN = "begin"
    END = "end"
    GIVE_UP = "give_up"
    MISS = "miss"
    CALL_OFF = "call_off"
    GIVE = "give"
    # Draws.
    OPEN = "open"
    DECLARE = "declare"
    DRAW = "draw"
    CANCEL = "cancel"
    # Looking back at one case.
    FIND_HOLDING = "find_holding"
    FIND_REBOUND = "find_rebound"


class State(StrEnum):
    """How far an inspection that is planned at a site has come."""

    DUE = "due"
    BEGUN = "begun"
    DONE = "done"
    MISSED = "missed"
    CALLED_OFF = "called_off"


# States in which there is something left to do.
OPEN = frozenset({State.DUE, State.BEGUN, State.MISSED})

TRANSITIONS: Mapping[Act, Mapping[State, State]] = {
    Act.BEGIN: {State.DUE: State.BEGUN, State.MISSED: State.BEGUN},
    Act.END: {State.BEGUN: State.DONE},
    Act.GIVE_UP: {State.BEGUN: State.DUE},
    Act.MISS: {State.DUE: State.MISSED, State.BEGUN: State.BEGUN},
    Act.CALL_OFF: dict.fromkeys(OPEN, State.CALLED_OFF),
    Act.GIVE: {State.DUE: State.DUE, State.MISSED: State.MISSED},
}


def after(state: State, act: Act, *, is_missed: bool = False) -> State:
    """Return the state that the act leads to; what was missed once never becomes due again."""
    found = TRANSITIONS[act].get(state)
    if found is None:
        raise WrongStage(act, state)
    return State.MISSED if found is State.DUE and is_missed else found


# Stated by the system, not by an officer; `wording` has its words.
SITE_CLOSED = "site_closed"


class Verdict(StrEnum):
    """What a look back at a closed case found."""

    DUE = "due"
    HOLDS = "holds"
    REBOUND = "rebound"
    CALLED_OFF = "called_off"
