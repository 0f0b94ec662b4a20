"""The stages of a transfer letter, and which act leads from which stage to which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bihuan.core.refusal import WrongStage


class Stage(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    RECEIVED = "received"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    DRAFT = "draft"
    CHANGE = "change"
    ISSUE = "issue"
    DISCARD = "discard"
    RECEIVE = "receive"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


class Answer(StrEnum):
    """What the competent body answers."""

    ACCEPTED = "accepted"
    NOT_COMPETENT = "not_competent"
    NO_VIOLATION = "no_violation"
    DONE = "done"


TRANSITIONS: Mapping[Act, tuple[frozenset[Stage], Stage]] = {
    Act.CHANGE: (frozenset({Stage.DRAFT}), Stage.DRAFT),
    Act.ISSUE: (frozenset({Stage.DRAFT}), Stage.ISSUED),
    Act.DISCARD: (frozenset({Stage.DRAFT}), Stage.WITHDRAWN),
    Act.RECEIVE: (frozenset({Stage.ISSUED}), Stage.RECEIVED),
    Act.ANSWER: (frozenset({Stage.RECEIVED}), Stage.ANSWERED),
    Act.WITHDRAW: (frozenset({Stage.ISSUED, Stage.RECEIVED}), Stage.WITHDRAWN),
}
# An answer is owed, or the letter is not sent yet.
OPEN = frozenset({Stage.DRAFT, Stage.ISSUED, Stage.RECEIVED})
OWED = frozenset({Stage.ISSUED, Stage.RECEIVED})
# XFER-1: from the day of issue.
ANSWER_RULE = "XFER-1"


def after(stage: Stage, act: Act) -> Stage:
    """Return the stage that the act leads to; refuse an act that does not start from this one."""
    sources, target = TRANSITIONS[act]
    if stage not in sources:
        raise WrongStage(act, stage)
    return target
