"""The lifecycle of a grievance (诉求), from its receipt to the last written opinion.

The table names clocks by their purpose ("conclude"); the procedure in force
(`bihuan.core.procedure`) defines the rules, and whether there is a second review. The windows in
which a review may be requested start when the reporter has the answer: when they first read it with
the code, or with the move that records its service on paper, whichever is known first.
"""

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
    RECEIVED = "received"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    DRAFTED = "drafted"
    REPLIED = "replied"
    REVIEWING = "reviewing"
    REVIEW_DRAFTED = "review_drafted"
    REVIEWED = "reviewed"
    REREVIEWING = "rereviewing"
    REREVIEW_DRAFTED = "rereview_drafted"
    REREVIEWED = "rereviewed"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Move(StrEnum):
    RECEIVE = "receive"
    CLASSIFY = "classify"
    ACCEPT = "accept"
    REDIRECT = "redirect"
    AS_SUGGESTION = "as_suggestion"
    TRANSFER = "transfer"
    TAKE_OVER = "take_over"
    OBJECT = "object"
    ANSWER_OBJECTION = "answer_objection"
    ASSIGN = "assign"
    RECORD_STEP = "record_step"
    DRAFT = "draft"
    SEND_BACK = "send_back"
    ISSUE = "issue"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    ASK_REVIEW = "ask_review"
    DRAFT_REVIEW = "draft_review"
    SEND_BACK_REVIEW = "send_back_review"
    ISSUE_REVIEW = "issue_review"
    ASK_REREVIEW = "ask_rereview"
    DRAFT_REREVIEW = "draft_rereview"
    SEND_BACK_REREVIEW = "send_back_rereview"
    ISSUE_REREVIEW = "issue_rereview"
    SERVE = "serve"
    BEGIN_HEARING = "begin_hearing"
    END_HEARING = "end_hearing"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    DECLARE_INTEREST = "declare_interest"
    SET_LEAD = "set_lead"
    ADD_CHILD = "add_child"
    ADD_ASSIST = "add_assist"
    END_ASSIST = "end_assist"
    ASK_REPORTER = "ask_reporter"
    FOLLOW_UP = "follow_up"
    ATTACH = "attach"
    COMMENT = "comment"
    # What the holder of the tracking code may do.
    ADD = "add"
    RATE = "rate"
    REPORT_RETALIATION = "report_retaliation"


class ClockPurpose(StrEnum):
    """What a clock is for; the procedure defines its rules."""

    REGISTER = "register"
    TELL = "tell"
    OBJECT = "object"
    RELAY = "relay"
    CONCLUDE = "conclude"
    ASK_REVIEW = "ask_review"
    REVIEW = "review"
    ASK_REREVIEW = "ask_rereview"
    REREVIEW = "rereview"
    DECIDE_EXTENSION = "decide_extension"
    # The day given by an office's own register.
    REGISTERED = "registered"


class Decision(StrEnum):
    """PET-25: what a written opinion decides."""

    SUPPORT = "support"
    EXPLAIN = "explain"
    NOT_SUPPORT = "not_support"


class ReviewOutcome(StrEnum):
    """What a review finds about the previous opinion."""

    UPHELD = "upheld"
    CHANGED = "changed"


class Service(StrEnum):
    """How a written answer is served on paper; the procedure defines the permitted ways."""

    HANDED = "handed"
    HOUSEHOLD = "household"  # to an adult who lives there, or the person named for it
    POST = "post"
    LEFT = "left"  # refused, and left there before witnesses or photographed


class GrievanceFact(Fact):
    """Facts of a grievance in addition to those of the loop."""

    CLASSIFIED = "classified"  # the class, and with it the pathway, was decided
    ANSWERABLE = "answerable"  # of the class and route that this office itself answers
    ADVISED = "advised"  # of a route of other bodies: the reporter is referred to it
    OBJECTED = "objected"  # the receiving unit disputed a transfer
    EXTENDABLE = "extendable"  # the rule of the answer's deadline allows an extension
    REVIEWABLE = "reviewable"  # the procedure has a review of what was answered
    REVIEWED = "reviewed"  # a first review was answered
    UNSERVED = "unserved"  # it is not known yet that the reporter has the last written answer
    IN_HEARING = "in_hearing"  # a hearing has begun and has not ended


class GrievanceReach(Reach):
    RECEIVER = "receiver"  # the receiver of a transfer, before it takes over


RECEIVERS = frozenset({Power.REPORT, Power.HANDLE, Power.COORDINATE, Power.DUTY})
COORDINATORS = frozenset({Power.COORDINATE})
HANDLERS = frozenset({Power.HANDLE})
HEADS = frozenset({Power.APPROVE})
WORKERS = frozenset({Power.HANDLE, Power.COORDINATE})
EVERYONE = frozenset(Power) - NO_CASES
NOBODY: frozenset[Power] = frozenset()

FIRST = (Stage.RECEIVED, Stage.TRANSFERRED, Stage.ACCEPTED, Stage.HANDLING, Stage.DRAFTED)
LATER = (
    Stage.REVIEWING,
    Stage.REVIEW_DRAFTED,
    Stage.REREVIEWING,
    Stage.REREVIEW_DRAFTED,
)
# Answering must wait while an extension is being decided.
PENDING = frozenset({SharedFact.EXTENSION_ASKED})
ANSWERED = (Stage.REPLIED, Stage.REVIEWED, Stage.REREVIEWED)
ENDED = frozenset({Stage.REDIRECTED, Stage.WITHDRAWN, Stage.CLOSED})
OPEN = frozenset(Stage) - ENDED
# PET-25; the procedure defines the required content.
OPINION = ("request", "facts", "reasons", "decision", "basis")


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stages)


def _review(
    sources: tuple[Stage, ...],
    at_work: Stage,
    drafted: Stage,
    done: Stage,
    name: str,
    side: Side,
    slots: tuple[ClockPurpose, ClockPurpose],
    needs: frozenset[Fact] = frozenset(),
    forbids: frozenset[Fact] = frozenset(),
) -> tuple[Transition, ...]:
    """One review: requested by the reporter, drafted by one officer, issued by another, one
    level up.
    """
    request, work = slots
    return (
        Transition(
            f"ask_{name}", _from(*sources), at_work, NOBODY, public=True,
            needs=frozenset({GrievanceFact.REVIEWABLE}) | needs, forbids=forbids,
            requires=("note",),
            starts_for=(work,), stops_for=(request,), then=f"draft_{name}",
        ),
        Transition(
            f"draft_{name}", _from(at_work), drafted, HANDLERS, side=side,
            forbids=frozenset({GrievanceFact.IN_HEARING}), requires=(*OPINION, "outcome"),
            undoable=True, then=f"issue_{name}",
        ),
        Transition(
            f"send_back_{name}", _from(drafted), at_work, HEADS, side=side, requires=("note",),
            undoable=True, tells=(Notified.WORKERS,), explains=(f"draft_{name}",),
        ),
        Transition(
            f"issue_{name}", _from(drafted), done, HEADS, side=side, forbids=PENDING,
            stops_for=(work,), tells=(Notified.WORKERS,),
        ),
    )  # fmt: skip


TRANSITIONS = (
    Transition(
        Move.RECEIVE, frozenset(), Stage.RECEIVED, RECEIVERS, SharedReach.ORIGIN, public=True,
        requires=("title",), starts_for=(ClockPurpose.REGISTER, ClockPurpose.TELL),
        then=Move.CLASSIFY,
    ),
    Transition(
        Move.CLASSIFY, _from(Stage.RECEIVED, Stage.ACCEPTED, Stage.HANDLING), None, COORDINATORS,
        requires=("path",),
    ),
    Transition(
        Move.ACCEPT, _from(Stage.RECEIVED), Stage.ACCEPTED, COORDINATORS,
        needs=frozenset({GrievanceFact.ANSWERABLE}), starts_for=(ClockPurpose.CONCLUDE,),
        stops_for=(ClockPurpose.REGISTER, ClockPurpose.TELL), undoable=True,
    ),
    Transition(
        Move.REDIRECT, _from(Stage.RECEIVED), Stage.REDIRECTED, COORDINATORS,
        needs=frozenset({GrievanceFact.ADVISED}), requires=("note",),
        stops_for=(ClockPurpose.REGISTER, ClockPurpose.TELL, ClockPurpose.REGISTERED),
        undoable=True, tells=(Notified.AUTHOR,),
    ),
    Transition(
        Move.AS_SUGGESTION, _from(Stage.RECEIVED), None, COORDINATORS,
        stops_for=(ClockPurpose.REGISTER, ClockPurpose.TELL),
    ),
    Transition(
        Move.TRANSFER, _from(Stage.RECEIVED), Stage.TRANSFERRED, COORDINATORS,
        requires=("unit", "note"),
        starts_for=(ClockPurpose.OBJECT, ClockPurpose.RELAY, ClockPurpose.TELL),
        stops_for=(ClockPurpose.REGISTER,), undoable=True, then=Move.TAKE_OVER,
        explains=(Move.TAKE_OVER, Move.OBJECT),
    ),
    Transition(
        Move.TAKE_OVER, _from(Stage.TRANSFERRED), Stage.RECEIVED, COORDINATORS,
        GrievanceReach.RECEIVER,
        stops_for=(ClockPurpose.OBJECT, ClockPurpose.RELAY), undoable=True,
    ),
    Transition(
        Move.OBJECT, _from(Stage.TRANSFERRED), None, COORDINATORS, GrievanceReach.RECEIVER,
        forbids=frozenset({GrievanceFact.OBJECTED}), requires=("note",),
        stops_for=(ClockPurpose.OBJECT, ClockPurpose.RELAY), undoable=True,
        then=Move.ANSWER_OBJECTION, explains=(Move.ANSWER_OBJECTION,),
    ),
    Transition(
        Move.ANSWER_OBJECTION, _from(Stage.TRANSFERRED), Stage.RECEIVED, COORDINATORS,
        needs=frozenset({GrievanceFact.OBJECTED}), requires=("agreed", "note"), undoable=True,
        tells=(Notified.ASKER,), explains=(Move.CLASSIFY, Move.ACCEPT, Move.TRANSFER),
    ),
    Transition(
        Move.ASSIGN, _from(Stage.ACCEPTED, Stage.HANDLING), Stage.HANDLING, COORDINATORS,
        requires=("post",), undoable=True, tells=(Notified.POST, Notified.LEFT),
    ),
    Transition(
        Move.DRAFT, _from(Stage.HANDLING), Stage.DRAFTED, HANDLERS, side=Side.ANSWER,
        requires=OPINION, undoable=True, then=Move.ISSUE,
    ),
    Transition(
        Move.SEND_BACK, _from(Stage.DRAFTED), Stage.HANDLING, HEADS, side=Side.ANSWER,
        requires=("note",), undoable=True, tells=(Notified.POST, Notified.WORKERS),
        explains=(Move.DRAFT,),
    ),
    Transition(
        Move.ISSUE, _from(Stage.DRAFTED), Stage.REPLIED, HEADS, side=Side.ANSWER,
        forbids=PENDING | {SharedFact.OPEN_CHILDREN},
        stops_for=(ClockPurpose.CONCLUDE, ClockPurpose.REGISTERED),
        tells=(Notified.WORKERS, Notified.POST, Notified.AUTHOR),
    ),
    # Of the two windows, the one after the last answer is started.
    Transition(
        Move.SERVE, _from(*ANSWERED, Stage.CLOSED), None, WORKERS | HEADS,
        needs=frozenset({GrievanceFact.UNSERVED}), requires=("served_date", "service"),
        starts_for=(ClockPurpose.ASK_REVIEW, ClockPurpose.ASK_REREVIEW),
    ),
    Transition(
        Move.CLOSE, _from(*ANSWERED), Stage.CLOSED, COORDINATORS, SharedReach.INVOLVED,
        forbids=frozenset({SharedFact.OPEN_CHILDREN}), undoable=True,
    ),
    *_review(
        (Stage.REPLIED, Stage.CLOSED), Stage.REVIEWING, Stage.REVIEW_DRAFTED, Stage.REVIEWED,
        "review", Side.REVIEW, (ClockPurpose.ASK_REVIEW, ClockPurpose.REVIEW),
        forbids=frozenset({GrievanceFact.REVIEWED}),
    ),
    *_review(
        (Stage.REVIEWED, Stage.CLOSED), Stage.REREVIEWING, Stage.REREVIEW_DRAFTED,
        Stage.REREVIEWED,
        "rereview", Side.REREVIEW, (ClockPurpose.ASK_REREVIEW, ClockPurpose.REREVIEW),
        needs=frozenset({GrievanceFact.REVIEWED}),
    ),
    # PET-13: only the time of a hearing is not counted.
    Transition(
        Move.BEGIN_HEARING, _from(Stage.REREVIEWING), None, HANDLERS | HEADS,
        forbids=frozenset({GrievanceFact.IN_HEARING}), requires=("note",), undoable=True,
    ),
    Transition(
        Move.END_HEARING, _from(Stage.REREVIEWING), None, HANDLERS | HEADS,
        needs=frozenset({GrievanceFact.IN_HEARING}), requires=("note",), undoable=True,
    ),
    Transition(
        Move.ASK_EXTENSION, _from(Stage.HANDLING, Stage.REVIEWING, Stage.REREVIEWING), None,
        HANDLERS, needs=frozenset({GrievanceFact.EXTENDABLE}), forbids=PENDING,
        requires=("days", "note"),
        starts_for=(ClockPurpose.DECIDE_EXTENSION,), undoable=True, then=Move.DECIDE_EXTENSION,
    ),
    Transition(
        Move.DECIDE_EXTENSION, _from(Stage.HANDLING, Stage.DRAFTED, *LATER), None, HEADS,
        needs=frozenset({SharedFact.EXTENSION_ASKED}), requires=("granted", "note"),
        stops_for=(ClockPurpose.DECIDE_EXTENSION,), undoable=True,
        tells=(Notified.ASKER, Notified.POST), explains=(Move.ASK_EXTENSION,),
    ),
    Transition(
        Move.WITHDRAW, _from(*FIRST), Stage.WITHDRAWN, NOBODY, public=True,
        stops_for=(
            ClockPurpose.REGISTER, ClockPurpose.TELL, ClockPurpose.OBJECT, ClockPurpose.RELAY,
            ClockPurpose.CONCLUDE, ClockPurpose.DECIDE_EXTENSION, ClockPurpose.REGISTERED,
        ), tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.DECLARE_INTEREST, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.OFFICE,),
    ),
    Transition(
        Move.SET_LEAD, _from(*FIRST, *LATER), None, COORDINATORS | HEADS, SharedReach.INVOLVED,
        requires=("post",), undoable=True, tells=(Notified.NAMED,),
    ),
    Transition(
        Move.ADD_CHILD, _from(Stage.ACCEPTED, Stage.HANDLING), None, COORDINATORS,
        requires=("unit", "title"),
    ),
    Transition(
        Move.ADD_ASSIST, _from(Stage.ACCEPTED, Stage.HANDLING, *LATER), None, COORDINATORS,
        requires=("unit", "note"), undoable=True, tells=(Notified.NAMED,),
    ),
    Transition(
        Move.END_ASSIST, OPEN, None, COORDINATORS, needs=frozenset({SharedFact.ASSISTED}),
        requires=("unit",), undoable=True,
    ),
    Transition(
        Move.ASK_REPORTER, OPEN, None, WORKERS | HEADS, SharedReach.WORKING,
        needs=frozenset({SharedFact.FROM_PUBLIC}), requires=("note",),
    ),
    Transition(
        Move.RECORD_STEP, _from(*FIRST, *LATER), None, WORKERS, SharedReach.WORKING,
        requires=("note",),
    ),
    Transition(Move.ATTACH, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("photo",)),
    Transition(
        Move.FOLLOW_UP, frozenset(Stage), None, WORKERS | HEADS, SharedReach.INVOLVED,
        apart=SOLVERS,
        needs=frozenset({SharedFact.UNSOLVED}), requires=("note",),
    ),
    Transition(
        Move.COMMENT, frozenset(Stage), None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(Move.ADD, OPEN, None, NOBODY, public=True, requires=("words",)),
    Transition(
        Move.RATE, _from(*ANSWERED, Stage.CLOSED), None, NOBODY, public=True,
        requires=("solved",),
    ),
    Transition(
        Move.REPORT_RETALIATION, frozenset(Stage), None, NOBODY, public=True,
        requires=("words",),
    ),
)  # fmt: skip


def _receives(path: str, case: Situation) -> bool:
    """The unit to which it was transferred, or one above that is not above the sender, too."""
    receiver = case.places.get(GrievanceReach.RECEIVER, "")
    if not receiver or not receiver.startswith(path):
        return False
    return path == receiver or not case.owner.startswith(path)


GRIEVANCE = Lifecycle(
    kind="grievance",
    birth=Move.RECEIVE,
    stages=tuple(Stage),
    ended=ENDED,
    transitions=TRANSITIONS,
    reaches={GrievanceReach.RECEIVER: _receives},
)
