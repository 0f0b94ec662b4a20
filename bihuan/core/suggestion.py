"""The lifecycle of a suggestion (建议): considered, adopted or not with reasons, published."""

from __future__ import annotations

from enum import StrEnum

from bihuan.core.lifecycle import SOLVERS, Fact, Lifecycle, SharedFact, SharedReach, Transition
from bihuan.core.notified import Notified
from bihuan.core.powers import NO_CASES, Power


class Stage(StrEnum):
    RECEIVED = "received"
    CONSIDERING = "considering"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    RECEIVE = "receive"
    CONSIDER = "consider"
    ADOPT = "adopt"
    NOT_ADOPT = "not_adopt"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    WITHDRAW = "withdraw"
    ASK_REPORTER = "ask_reporter"
    FOLLOW_UP = "follow_up"
    ATTACH = "attach"
    COMMENT = "comment"
    ADD = "add"
    RATE = "rate"


class SuggestionFact(Fact):
    MAY_PUBLISH = "may_publish"  # the reporter agreed to the publication


RECEIVERS = frozenset({Power.REPORT, Power.HANDLE, Power.COORDINATE, Power.DUTY})
COORDINATORS = frozenset({Power.COORDINATE})
DECIDERS = frozenset({Power.APPROVE, Power.COORDINATE})
WORKERS = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE})
EVERYONE = frozenset(Power) - NO_CASES
NOBODY: frozenset[Power] = frozenset()
ANSWERED = frozenset({Stage.ADOPTED, Stage.NOT_ADOPTED, Stage.PUBLISHED})
OPEN = frozenset({Stage.RECEIVED, Stage.CONSIDERING})


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stages)


TRANSITIONS = (
    # PET-1: no period is set by law; the target is this project's own.
    Transition(
        Move.RECEIVE, frozenset(), Stage.RECEIVED, RECEIVERS, SharedReach.ORIGIN, public=True,
        requires=("title",), starts=("PET-1",), then=Move.CONSIDER,
    ),
    Transition(
        Move.CONSIDER, _from(Stage.RECEIVED), Stage.CONSIDERING, COORDINATORS,
        requires=("unit", "post"), undoable=True, tells=(Notified.POST,),
    ),
    Transition(
        Move.ADOPT, OPEN, Stage.ADOPTED, DECIDERS, requires=("note",), stops=("PET-1", "LOC-14"),
        undoable=True, tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(
        Move.NOT_ADOPT, OPEN, Stage.NOT_ADOPTED, DECIDERS, requires=("note",),
        stops=("PET-1", "LOC-14"), undoable=True, tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(
        Move.PUBLISH, ANSWERED, Stage.PUBLISHED, DECIDERS,
        needs=frozenset({SuggestionFact.MAY_PUBLISH}), requires=("title", "text"),
    ),
    Transition(
        Move.UNPUBLISH, _from(Stage.PUBLISHED), None, DECIDERS,
        needs=frozenset({SharedFact.PUBLISHED}), requires=("note",),
    ),
    Transition(
        Move.WITHDRAW, OPEN, Stage.WITHDRAWN, NOBODY, public=True, stops=("PET-1", "LOC-14"),
        tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.ASK_REPORTER, OPEN, None, WORKERS, SharedReach.WORKING, requires=("note",),
    ),
    Transition(
        Move.FOLLOW_UP, frozenset(Stage), None, WORKERS, SharedReach.INVOLVED, apart=SOLVERS,
        needs=frozenset({SharedFact.UNSOLVED}), requires=("note",),
    ),
    Transition(Move.ATTACH, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("photo",)),
    Transition(
        Move.COMMENT, frozenset(Stage), None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(Move.ADD, OPEN, None, NOBODY, public=True, requires=("words",)),
    Transition(Move.RATE, ANSWERED, None, NOBODY, public=True, requires=("solved",)),
)  # fmt: skip

SUGGESTION = Lifecycle(
    kind="suggestion",
    birth=Move.RECEIVE,
    stages=tuple(Stage),
    ended=ANSWERED | {Stage.WITHDRAWN},
    transitions=TRANSITIONS,
)
