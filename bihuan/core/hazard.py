"""The lifecycle of a hazard (隐患), from the report to the verified closure and after."""

from __future__ import annotations

from enum import StrEnum

from bihuan.core.lifecycle import (
    SOLVERS,
    Fact,
    Lifecycle,
    Reach,
    SharedFact,
    SharedReach,
    Side,
    Situation,
    Transition,
)
from bihuan.core.notified import Notified
from bihuan.core.powers import NO_CASES, Power


class Stage(StrEnum):
    """The only axis of state. Overdue is not a stage but a question that depends on the date."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    RECHECKED = "rechecked"


class Move(StrEnum):
    """What can be done to a hazard."""

    REPORT = "report"
    CONFIRM = "confirm"
    REJECT = "reject"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    COME_BACK = "come_back"
    ASSIGN = "assign"
    CONTEST = "contest"
    DECIDE_CONTEST = "decide_contest"
    START = "start"
    RECORD_STEP = "record_step"
    SUBMIT = "submit"
    RETURN = "return"
    VERIFY = "verify"
    CLOSE = "close"
    RECHECK = "recheck"
    REOPEN = "reopen"
    CONFIRM_CLOSURE = "confirm_closure"
    DOUBT_CLOSURE = "doubt_closure"
    ASK_EXTENSION = "ask_extension"
    ASK_LATER_CONCLUSION = "ask_later_conclusion"
    DECIDE_EXTENSION = "decide_extension"
    ADD_CONTROL = "add_control"
    END_CONTROL = "end_control"
    GRADE = "grade"
    LIST = "list"
    STOP_WORK = "stop_work"
    RESUME_WORK = "resume_work"
    ADD_CHILD = "add_child"
    ADD_ASSIST = "add_assist"
    END_ASSIST = "end_assist"
    AMEND = "amend"
    ATTACH = "attach"
    COMMENT = "comment"
    ASK_REPORTER = "ask_reporter"
    FOLLOW_UP = "follow_up"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    # What the holder of the tracking code of a public report may do.
    ADD = "add"
    RATE = "rate"


# Rules of its clocks that others refer to: the fix, the re-check, controls, a conclusion.
FIX = "HAZ-5"
RECHECK = "LOC-4"
CONTROL = "LOC-7"
CONCLUSION = "HAZ-11a"

# What a second officer does with a closure that is only in a ledger.
SECOND_LOOK = (Move.CONFIRM_CLOSURE, Move.DOUBT_CLOSURE)


class Grade(StrEnum):
    """HAZ-1: a general hazard can be fixed on discovery; a major one cannot."""

    GENERAL = "general"
    MAJOR = "major"


class HazardFact(Fact):
    """Facts of a hazard in addition to those of the loop."""

    MAJOR = "major"
    LISTED = "listed"
    WORK_STOPPED = "work_stopped"  # a stop-work order is in force
    PROMISED = "promised"  # the reporter is owed a conclusion by some day
    CONTROLS_OPEN = "controls_open"  # interim controls that have not been ended


class HazardReach(Reach):
    LISTED_BY = "listed_by"  # the level that listed the case for supervision


class RejectReason(StrEnum):
    NOT_A_HAZARD = "not_a_hazard"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"


REPORTERS = frozenset(
    {Power.REPORT, Power.HANDLE, Power.VERIFY, Power.COORDINATE, Power.SUPERVISE, Power.DUTY}
)
COORDINATORS = frozenset({Power.COORDINATE})
HANDLERS = frozenset({Power.HANDLE})
VERIFIERS = frozenset({Power.VERIFY})
LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})
WATCHERS = frozenset({Power.VERIFY, Power.COORDINATE, Power.SUPERVISE})
NOBODY: frozenset[Power] = frozenset()
EVERYONE = frozenset(Power) - NO_CASES

WITH_OWNER = frozenset({Stage.ASSIGNED, Stage.RECTIFYING})
OPEN = frozenset(
    {
        Stage.REPORTED,
        Stage.CONFIRMED,
        Stage.ASSIGNED,
        Stage.RECTIFYING,
        Stage.SUBMITTED,
        Stage.VERIFIED,
    }
)
CHECKED = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.RECHECKED})
FOUND = OPEN - {Stage.REPORTED}

# The five in place (五落实): the unit and person come first, then measures, money, deadline, plan.
FIVE_IN_PLACE = ("unit", "post", "measures", "budget", "deadline_date", "contingency")


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stages)


TRANSITIONS = (
    Transition(
        Move.REPORT, frozenset(), Stage.REPORTED, REPORTERS, SharedReach.ORIGIN, public=True,
        requires=("title", "place"), starts=("LOC-1",), then=Move.CONFIRM,
    ),
    Transition(
        Move.CONFIRM, _from(Stage.REPORTED), Stage.CONFIRMED, COORDINATORS, SharedReach.ORIGIN,
        requires=("grade",), starts=("LOC-2",), stops=("LOC-1",), undoable=True,
        tells=(Notified.AUTHOR,),
    ),
    Transition(
        Move.REJECT, _from(Stage.REPORTED), Stage.REJECTED, COORDINATORS, SharedReach.ORIGIN,
        requires=("reason", "note"), stops=("LOC-1",), undoable=True, tells=(Notified.AUTHOR,),
    ),
    # The consequence if the case that this one duplicated is rejected.
    Transition(
        Move.COME_BACK, _from(Stage.REJECTED), Stage.REPORTED, NOBODY, starts=("LOC-1",),
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
        Move.CONTEST, _from(Stage.ASSIGNED), None, HANDLERS,
        forbids=frozenset({SharedFact.CONTESTED}), requires=("note",), starts=("LOC-5",),
        undoable=True, then=Move.DECIDE_CONTEST,
    ),
    Transition(
        Move.DECIDE_CONTEST, _from(Stage.ASSIGNED), None, COORDINATORS | {Power.APPROVE},
        SharedReach.COMMON, needs=frozenset({SharedFact.CONTESTED}), requires=("upheld", "note"),
        stops=("LOC-5",), undoable=True, tells=(Notified.POST, Notified.ASKER),
        explains=(Move.START, Move.CONTEST),
    ),
    Transition(
        Move.START, _from(Stage.ASSIGNED), Stage.RECTIFYING, HANDLERS, side=Side.FIX,
        forbids=frozenset({SharedFact.CONTESTED}), undoable=True,
    ),
    Transition(
        Move.SUBMIT, _from(Stage.RECTIFYING), Stage.SUBMITTED, HANDLERS, side=Side.FIX,
        needs=frozenset({SharedFact.AFTER_EVIDENCE}),
        forbids=frozenset({SharedFact.FIX_EXTENSION_ASKED}),
        requires=("note",), starts=("LOC-3",), stops=("HAZ-5",), undoable=True, then=Move.VERIFY,
    ),
    Transition(
        Move.VERIFY, _from(Stage.SUBMITTED), Stage.VERIFIED, VERIFIERS, side=Side.CHECK,
        requires=("note",), starts=("LOC-8",), stops=("LOC-3", "HAZ-7"), undoable=True,
        then=Move.CLOSE, tells=(Notified.WORKERS,),
    ),
    Transition(
        Move.RETURN, _from(Stage.SUBMITTED), Stage.RECTIFYING, VERIFIERS, side=Side.CHECK,
        requires=("note",), starts=("HAZ-5",), stops=("LOC-3", "HAZ-7"), undoable=True,
        tells=(Notified.POST, Notified.WORKERS), returns=True, explains=(Move.SUBMIT,),
    ),
    Transition(
        Move.CLOSE, _from(Stage.VERIFIED), Stage.CLOSED, COORDINATORS | {Power.APPROVE},
        HazardReach.LISTED_BY, side=Side.CHECK,
        forbids=frozenset(
            {
                SharedFact.OPEN_CHILDREN, SharedFact.EXTENSION_ASKED, SharedFact.UNVERIFIED,
                HazardFact.WORK_STOPPED,
            }
        ),
        starts=("LOC-4",), stops=("LOC-8",), undoable=True, tells=(Notified.AUTHOR, Notified.POST),
    ),
    Transition(
        Move.RECHECK, _from(Stage.CLOSED), Stage.RECHECKED, VERIFIERS, side=Side.CHECK,
        forbids=frozenset({SharedFact.UNVERIFIED}), requires=("note",), stops=("LOC-4",),
        undoable=True,
    ),
    Transition(
        Move.REOPEN, _from(Stage.CLOSED, Stage.RECHECKED), Stage.CONFIRMED, WATCHERS,
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
        Move.RECORD_STEP, _from(Stage.RECTIFYING), None, HANDLERS, SharedReach.WORKING,
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
        requires=("grade", "note"), undoable=True, tells=(Notified.POST,),
    ),
    Transition(
        Move.LIST, FOUND, None, LEADERS, SharedReach.ABOVE,
        needs=frozenset({HazardFact.MAJOR}), forbids=frozenset({HazardFact.LISTED}),
        requires=("note",), undoable=True, tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.STOP_WORK, FOUND, None, LEADERS, needs=frozenset({HazardFact.MAJOR}),
        forbids=frozenset({HazardFact.WORK_STOPPED}), requires=("note",),
        tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.RESUME_WORK, FOUND, None, LEADERS | VERIFIERS, side=Side.CHECK,
        needs=frozenset({HazardFact.WORK_STOPPED}), requires=("note",), tells=(Notified.POST,),
    ),
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
        Move.CORRECT, _from(Stage.REPORTED), None, REPORTERS, SharedReach.INVOLVED,
        forbids=frozenset({SharedFact.FROM_PUBLIC}), requires=("title", "place"), own=True,
    ),
    Transition(
        Move.WITHDRAW, _from(Stage.REPORTED), Stage.REJECTED, REPORTERS, SharedReach.INVOLVED,
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
        Move.RATE, _from(Stage.REJECTED, Stage.CLOSED, Stage.RECHECKED), None, NOBODY,
        public=True, needs=frozenset({SharedFact.FROM_PUBLIC}), requires=("solved",),
    ),
)  # fmt: skip


def _lists(path: str, case: Situation) -> bool:
    return (case.places.get(HazardReach.LISTED_BY) or case.owner).startswith(path)


HAZARD = Lifecycle(
    kind="hazard",
    birth=Move.REPORT,
    stages=tuple(Stage),
    ended=frozenset({Stage.REJECTED, Stage.CLOSED, Stage.RECHECKED}),
    transitions=TRANSITIONS,
    reaches={HazardReach.LISTED_BY: _lists},
)
