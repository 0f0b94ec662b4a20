"""The lifecycle of a hazard (隐患), from the report to the verified closure and after."""

from __future__ import annotations

from bihuan.core import major_hazard
from bihuan.core.hazard_terms import (
    ANSWER,
    CHECKED,
    CONCLUSION,
    CONTROL,
    COORDINATORS,
    EVERYONE,
    FIVE_IN_PLACE,
    FIX,
    FOUND,
    HANDLERS,
    LEADERS,
    LISTED,
    MORE_TIME,
    NOBODY,
    OPEN,
    ORDER,
    RECHECK,
    REMOVAL,
    REPORTERS,
    SECOND_LOOK,
    UPWARD,
    VERIFIERS,
    WATCHERS,
    WITH_OWNER,
    Grade,
    HazardFact,
    HazardReach,
    Move,
    RejectReason,
    Stage,
    at,
)
from bihuan.core.lifecycle import (
    SOLVERS,
    Lifecycle,
    SharedFact,
    SharedReach,
    Side,
    Situation,
    Transition,
)
from bihuan.core.notified import Notified
from bihuan.core.powers import Power

# The words of the table, for those who read it.
__all__ = [
    "ANSWER",
    "CHECKED",
    "CONCLUSION",
    "CONTROL",
    "COORDINATORS",
    "EVERYONE",
    "FIVE_IN_PLACE",
    "FIX",
    "FOUND",
    "HANDLERS",
    "HAZARD",
    "LEADERS",
    "LISTED",
    "MORE_TIME",
    "NOBODY",
    "OPEN",
    "ORDER",
    "RECHECK",
    "REMOVAL",
    "REPORTERS",
    "SECOND_LOOK",
    "TRANSITIONS",
    "UPWARD",
    "VERIFIERS",
    "WATCHERS",
    "WITH_OWNER",
    "Grade",
    "HazardFact",
    "HazardReach",
    "Move",
    "RejectReason",
    "Stage",
    "at",
]

TRANSITIONS = (
    Transition(
        Move.REPORT, frozenset(), Stage.REPORTED, REPORTERS, SharedReach.ORIGIN, public=True,
        requires=("title", "place"), starts=("LOC-1",), then=Move.CONFIRM,
    ),
    Transition(
        Move.CONFIRM, at(Stage.REPORTED), Stage.CONFIRMED, COORDINATORS, SharedReach.ORIGIN,
        requires=("grade",), starts=("LOC-2",), stops=("LOC-1",), undoable=True,
        tells=(Notified.AUTHOR,),
    ),
    Transition(
        Move.REJECT, at(Stage.REPORTED), Stage.REJECTED, COORDINATORS, SharedReach.ORIGIN,
        requires=("reason", "note"), stops=("LOC-1",), undoable=True, tells=(Notified.AUTHOR,),
    ),
    # The consequence if the case that this one duplicated is rejected.
    Transition(
        Move.COME_BACK, at(Stage.REJECTED), Stage.REPORTED, NOBODY, starts=("LOC-1",),
        then=Move.CONFIRM,
    ),
    Transition(
        Move.ASSIGN, WITH_OWNER | {Stage.CONFIRMED}, Stage.ASSIGNED,
        COORDINATORS, SharedReach.INVOLVED,
        forbids=frozenset({SharedFact.CONTESTED, SharedFact.FIX_EXTENSION_ASKED}),
        requires=FIVE_IN_PLACE, starts=("HAZ-5",), stops=("LOC-2",), undoable=True,
        tells=(Notified.POST, Notified.LEFT),
    ),
    Transition(
        Move.CONTEST, at(Stage.ASSIGNED), None, HANDLERS,
        forbids=frozenset({SharedFact.CONTESTED}), requires=("note",), starts=("LOC-5",),
        undoable=True, then=Move.DECIDE_CONTEST,
    ),
    Transition(
        Move.DECIDE_CONTEST, at(Stage.ASSIGNED), None, COORDINATORS | {Power.APPROVE},
        SharedReach.COMMON, needs=frozenset({SharedFact.CONTESTED}), requires=("upheld", "note"),
        stops=("LOC-5",), undoable=True, tells=(Notified.POST, Notified.ASKER),
        explains=(Move.START, Move.CONTEST),
    ),
    Transition(
        Move.START, at(Stage.ASSIGNED), Stage.RECTIFYING, HANDLERS, side=Side.FIX,
        forbids=frozenset({SharedFact.CONTESTED}), undoable=True,
    ),
    Transition(
        Move.SUBMIT, at(Stage.RECTIFYING), Stage.SUBMITTED, HANDLERS, side=Side.FIX,
        needs=frozenset({SharedFact.AFTER_EVIDENCE}),
        forbids=frozenset({SharedFact.FIX_EXTENSION_ASKED, HazardFact.PLAN_OWED}),
        requires=("note",), starts=("LOC-3",), stops=("HAZ-5",), undoable=True, then=Move.VERIFY,
    ),
    Transition(
        Move.VERIFY, at(Stage.SUBMITTED), Stage.VERIFIED, VERIFIERS, side=Side.CHECK,
        requires=("note",), starts=("LOC-8",), stops=("LOC-3", "HAZ-7"), undoable=True,
        then=Move.CLOSE, tells=(Notified.WORKERS,),
    ),
    Transition(
        Move.RETURN, at(Stage.SUBMITTED), Stage.RECTIFYING, VERIFIERS, side=Side.CHECK,
        requires=("note",), starts=("HAZ-5",), stops=("LOC-3", "HAZ-7"), undoable=True,
        tells=(Notified.POST, Notified.WORKERS), returns=True, explains=(Move.SUBMIT,),
    ),
    Transition(
        Move.CLOSE, at(Stage.VERIFIED), Stage.CLOSED, COORDINATORS | {Power.APPROVE},
        HazardReach.LISTED_BY, side=Side.CHECK,
        forbids=frozenset(
            {
                SharedFact.OPEN_CHILDREN, SharedFact.EXTENSION_ASKED, SharedFact.UNVERIFIED,
                HazardFact.WORK_STOPPED, HazardFact.REVIEW_OWED,
            }
        ),
        starts=("LOC-4",), stops=("LOC-8", LISTED, ANSWER, MORE_TIME, UPWARD), undoable=True,
        tells=(Notified.AUTHOR, Notified.POST),
    ),
    Transition(
        Move.RECHECK, at(Stage.CLOSED), Stage.RECHECKED, VERIFIERS, side=Side.CHECK,
        forbids=frozenset({SharedFact.UNVERIFIED}), requires=("note",), stops=("LOC-4",),
        undoable=True,
    ),
    Transition(
        Move.REOPEN, at(Stage.CLOSED, Stage.RECHECKED), Stage.CONFIRMED, WATCHERS,
        SharedReach.INVOLVED, requires=("note",), starts=("LOC-2",), stops=("LOC-4",),
        undoable=True, then=Move.ASSIGN, tells=(Notified.LEFT, Notified.AUTHOR),
        explains=(Move.ASSIGN,),
    ),
    # Verified or closed by a ledger alone; confirmed from above by an officer who did not import
    # it.
    Transition(
        Move.CONFIRM_CLOSURE, CHECKED, None, WATCHERS, SharedReach.ABOVE, side=Side.CHECK,
        needs=frozenset({SharedFact.UNVERIFIED}), requires=("note",), undoable=True,
    ),
    Transition(
        Move.DOUBT_CLOSURE, CHECKED, Stage.CONFIRMED, WATCHERS, SharedReach.INVOLVED,
        needs=frozenset({SharedFact.UNVERIFIED}), requires=("note",), starts=("LOC-2",),
        stops=("LOC-4", "LOC-8"), undoable=True, then=Move.ASSIGN, tells=(Notified.ASKER,),
        explains=(Move.ASSIGN,),
    ),
    Transition(
        Move.RECORD_STEP, at(Stage.RECTIFYING), None, HANDLERS, SharedReach.WORKING,
        side=Side.FIX,
        requires=("note",),
    ),
    Transition(
        Move.ASK_EXTENSION, WITH_OWNER, None, HANDLERS,
        forbids=frozenset({SharedFact.EXTENSION_ASKED}), requires=("until_date", "note"),
        starts=("LOC-6",), undoable=True, then=Move.DECIDE_EXTENSION,
    ),
    # HAZ-11: what the reporter was promised, and not the deadline of the fix.
    Transition(
        Move.ASK_LATER_CONCLUSION, FOUND, None, COORDINATORS, SharedReach.ORIGIN,
        needs=frozenset({HazardFact.PROMISED}), forbids=frozenset({SharedFact.EXTENSION_ASKED}),
        requires=("until_date", "note"), starts=("LOC-6",), undoable=True,
        then=Move.DECIDE_EXTENSION,
    ),
    Transition(
        Move.DECIDE_EXTENSION, FOUND, None, frozenset({Power.APPROVE}), SharedReach.DEADLINE,
        apart=frozenset({Side.FIX}), needs=frozenset({SharedFact.EXTENSION_ASKED}),
        requires=("granted", "note"), stops=("LOC-6",), undoable=True,
        tells=(Notified.ASKER, Notified.POST),
        explains=(Move.ASK_EXTENSION, Move.ASK_LATER_CONCLUSION),
    ),
    Transition(
        Move.ADD_CONTROL, FOUND, None, HANDLERS | COORDINATORS, SharedReach.WORKING,
        requires=("what", "post", "expiry_date"), starts=("LOC-7",), undoable=True,
        tells=(Notified.NAMED,),
    ),
    Transition(
        Move.END_CONTROL, FOUND, None, HANDLERS | COORDINATORS, SharedReach.WORKING,
        needs=frozenset({HazardFact.CONTROLS_OPEN}), requires=("control",), stops=("LOC-7",),
        undoable=True,
    ),
    Transition(
        Move.GRADE, FOUND - {Stage.VERIFIED}, None, COORDINATORS | VERIFIERS, SharedReach.INVOLVED,
        forbids=frozenset({HazardFact.LISTED, HazardFact.WORK_STOPPED}),
        requires=("grade", "note"), undoable=True, tells=(Notified.POST,),
    ),
    *major_hazard.TRANSITIONS,
    Transition(
        Move.ADD_CHILD, FOUND - {Stage.VERIFIED}, None, COORDINATORS, SharedReach.INVOLVED,
        requires=("unit", "title"),
    ),
    Transition(
        Move.ADD_ASSIST, FOUND - {Stage.VERIFIED}, None, COORDINATORS, SharedReach.INVOLVED,
        requires=("unit", "note"), undoable=True, tells=(Notified.NAMED,),
    ),
    Transition(
        Move.END_ASSIST, FOUND, None, COORDINATORS, SharedReach.INVOLVED,
        needs=frozenset({SharedFact.ASSISTED}), requires=("unit",), undoable=True,
    ),
    Transition(
        Move.AMEND, OPEN, None, COORDINATORS, SharedReach.INVOLVED,
        requires=("title", "place", "note"), tells=(Notified.POST,),
    ),
    # The officer who reported it, before it is confirmed. What the public brought has a reporter of
    # its own.
    Transition(
        Move.CORRECT, at(Stage.REPORTED), None, REPORTERS, SharedReach.INVOLVED,
        forbids=frozenset({SharedFact.FROM_PUBLIC}), requires=("title", "place"), own=True,
    ),
    Transition(
        Move.WITHDRAW, at(Stage.REPORTED), Stage.REJECTED, REPORTERS, SharedReach.INVOLVED,
        forbids=frozenset({SharedFact.FROM_PUBLIC}), requires=("note",), stops=("LOC-1",),
        undoable=True, own=True,
    ),
    Transition(Move.ATTACH, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("photo",)),
    Transition(
        Move.COMMENT, frozenset(Stage), None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(
        Move.ASK_REPORTER, OPEN, None, HANDLERS | COORDINATORS, SharedReach.INVOLVED,
        needs=frozenset({SharedFact.FROM_PUBLIC}), requires=("note",),
    ),
    Transition(
        Move.FOLLOW_UP, frozenset(Stage), None, WATCHERS, SharedReach.INVOLVED, apart=SOLVERS,
        needs=frozenset({SharedFact.UNSOLVED}), requires=("note",),
    ),
    Transition(
        Move.PUBLISH, frozenset(Stage) - {Stage.REPORTED, Stage.REJECTED}, None, COORDINATORS,
        SharedReach.INVOLVED, forbids=frozenset({SharedFact.UNVERIFIED}), requires=("title",),
    ),
    Transition(
        Move.UNPUBLISH, frozenset(Stage), None, COORDINATORS, SharedReach.INVOLVED,
        needs=frozenset({SharedFact.PUBLISHED}), requires=("note",),
    ),
    Transition(
        Move.ADD, OPEN, None, NOBODY, public=True,
        needs=frozenset({SharedFact.FROM_PUBLIC}), requires=("words",),
    ),
    Transition(
        Move.RATE, at(Stage.REJECTED, Stage.CLOSED, Stage.RECHECKED), None, NOBODY,
        public=True, needs=frozenset({SharedFact.FROM_PUBLIC}), requires=("solved",),
    ),
)  # fmt: skip


def _orders(path: str, case: Situation) -> bool:
    return (case.places.get(HazardReach.ORDERED_BY) or case.owner).startswith(path)


def _lists(path: str, case: Situation) -> bool:
    return (case.places.get(HazardReach.LISTED_BY) or case.owner).startswith(path)


HAZARD = Lifecycle(
    kind="hazard",
    birth=Move.REPORT,
    stages=tuple(Stage),
    ended=frozenset({Stage.REJECTED, Stage.CLOSED, Stage.RECHECKED}),
    transitions=TRANSITIONS,
    reaches={HazardReach.LISTED_BY: _lists, HazardReach.ORDERED_BY: _orders},
)
