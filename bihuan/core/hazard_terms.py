"""The words of the hazard's lifecycle: stages, moves, facts, and who is meant by which powers."""

from __future__ import annotations

from enum import StrEnum

from bihuan.core.lifecycle import Fact, Reach
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
    PLAN = "plan"
    REPORT_UP = "report_up"
    LIST = "list"
    UNLIST = "unlist"
    ANSWER_LISTING = "answer_listing"
    ASK_MORE_TIME = "ask_more_time"
    DECIDE_MORE_TIME = "decide_more_time"
    ORDER_FIX = "order_fix"
    STOP_WORK = "stop_work"
    CHECK_ORDER = "check_order"
    RESUME_WORK = "resume_work"
    ACCEPT = "accept"
    ASK_REMOVAL = "ask_removal"
    REVIEW_SITE = "review_site"
    SEND_BACK = "send_back"
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
# Rules of the chain of major hazards: the report to the level above, the deadline of a listing, the
# next answer owed to it, its decision on more time, the date of an order, the review for removal.
UPWARD, LISTED, ANSWER = "HAZ-4", "MAJ-1", "MAJ-2"
MORE_TIME, ORDER, REMOVAL = "MAJ-3", "MAJ-4", "HAZ-7"

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
    PLAN_OWED = "plan_owed"  # it is listed, and has no plan of rectification (HAZ-5)
    MORE_TIME_ASKED = "more_time_asked"  # a later deadline of the listing was requested
    ORDERED = "ordered"  # an order is in force whose re-check has not found it complied with
    ORDER_CHECKED = "order_checked"  # a re-check found the stop-work order complied with
    ACCEPTED = "accepted"  # a team accepted the fix in this round
    REMOVAL_ASKED = "removal_asked"  # the owner applied to be taken off the list
    REVIEW_OWED = "review_owed"  # listed, and its level has not reviewed the site (HAZ-7)


class HazardReach(Reach):
    LISTED_BY = "listed_by"  # the level that listed the case for supervision
    ORDERED_BY = "ordered_by"  # the unit that ordered the work to stop


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


def at(*stages: Stage) -> frozenset[str]:
    """Return these stages, as rows of the table name them."""
    return frozenset(stages)
