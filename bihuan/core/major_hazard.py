"""What the lifecycle of a hazard has for major ones: the plan, the listing, orders, and removal."""

from __future__ import annotations

from bihuan.core.hazard_terms import (
    ANSWER,
    COORDINATORS,
    FOUND,
    HANDLERS,
    LEADERS,
    LISTED,
    MORE_TIME,
    ORDER,
    REMOVAL,
    UPWARD,
    VERIFIERS,
    HazardFact,
    HazardReach,
    Move,
    Stage,
    at,
)
from bihuan.core.lifecycle import SharedReach, Side, Transition
from bihuan.core.notified import Notified

MAJOR = frozenset({HazardFact.MAJOR})
LISTED_ONES = frozenset({HazardFact.LISTED})
# HAZ-5: what a plan of rectification has; the schedule is the day of its end.
PLAN_PARTS = ("goals", "methods", "budget", "people", "until_date", "safety")
# HAZ-4: what a report to the level above says.
REPORT_PARTS = ("state", "harm", "plan")

TRANSITIONS = (
    Transition(
        Move.PLAN, FOUND - {Stage.VERIFIED}, None, HANDLERS | COORDINATORS, SharedReach.WORKING,
        needs=MAJOR, requires=PLAN_PARTS, tells=(Notified.OFFICE,),
    ),
    Transition(
        Move.REPORT_UP, FOUND, None, COORDINATORS, SharedReach.INVOLVED, needs=MAJOR,
        requires=REPORT_PARTS, stops=(UPWARD,), tells=(Notified.OFFICE,),
    ),
    Transition(
        Move.LIST, FOUND, None, LEADERS, SharedReach.ABOVE, needs=MAJOR,
        forbids=frozenset({HazardFact.LISTED}), requires=("until_date", "every_days", "note"),
        starts=(LISTED, ANSWER), undoable=True, tells=(Notified.POST, Notified.OFFICE),
    ),
    # For a listing in error, by another officer of the level that listed it.
    Transition(
        Move.UNLIST, FOUND, None, LEADERS, HazardReach.LISTED_BY, side=Side.CHECK,
        needs=LISTED_ONES, forbids=frozenset({HazardFact.WORK_STOPPED}), requires=("note",),
        stops=(LISTED, ANSWER, MORE_TIME, REMOVAL), tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.ANSWER_LISTING, FOUND, None, HANDLERS | COORDINATORS, needs=LISTED_ONES,
        requires=("note",), starts=(ANSWER,), stops=(ANSWER,), tells=(Notified.OFFICE,),
    ),
    Transition(
        Move.ASK_MORE_TIME, FOUND, None, HANDLERS | COORDINATORS, needs=LISTED_ONES,
        forbids=frozenset({HazardFact.MORE_TIME_ASKED}), requires=("until_date", "note"),
        starts=(MORE_TIME,), then=Move.DECIDE_MORE_TIME,
    ),
    Transition(
        Move.DECIDE_MORE_TIME, FOUND, None, LEADERS, HazardReach.LISTED_BY,
        apart=frozenset({Side.FIX}), needs=LISTED_ONES | {HazardFact.MORE_TIME_ASKED},
        requires=("granted", "note"), stops=(MORE_TIME,), tells=(Notified.POST,),
        explains=(Move.ASK_MORE_TIME,),
    ),
    Transition(
        Move.ORDER_FIX, FOUND - {Stage.VERIFIED}, None, LEADERS, requires=("until_date", "note"),
        starts=(ORDER,), tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.STOP_WORK, FOUND, None, LEADERS, needs=MAJOR,
        forbids=frozenset({HazardFact.WORK_STOPPED}), requires=("place", "stopped", "note"),
        tells=(Notified.POST, Notified.OFFICE),
    ),
    # ENF-5: only after an order.
    Transition(
        Move.CHECK_ORDER, FOUND, None, LEADERS | VERIFIERS, side=Side.CHECK,
        needs=frozenset({HazardFact.ORDERED}), requires=("complied", "note"),
        tells=(Notified.POST,),
    ),
    # HAZ-6: only after review, by another officer than the one who reviewed it.
    Transition(
        Move.RESUME_WORK, FOUND, None, LEADERS, HazardReach.ORDERED_BY, side=Side.CHECK,
        needs=frozenset({HazardFact.WORK_STOPPED, HazardFact.ORDER_CHECKED}), requires=("note",),
        tells=(Notified.POST,),
    ),
    Transition(
        Move.ACCEPT, at(Stage.VERIFIED), None, LEADERS | COORDINATORS | VERIFIERS, side=Side.CHECK,
        needs=MAJOR, requires=("opinions", "passed", "note"), tells=(Notified.POST,),
    ),
    Transition(
        Move.ASK_REMOVAL, at(Stage.VERIFIED), None, HANDLERS | COORDINATORS,
        needs=LISTED_ONES | {HazardFact.ACCEPTED},
        forbids=frozenset({HazardFact.REMOVAL_ASKED, HazardFact.WORK_STOPPED}),
        requires=("note",), starts=(REMOVAL,), then=Move.REVIEW_SITE,
    ),
    Transition(
        Move.REVIEW_SITE, at(Stage.VERIFIED), None, LEADERS | VERIFIERS, HazardReach.LISTED_BY,
        side=Side.CHECK, needs=LISTED_ONES | {HazardFact.REMOVAL_ASKED}, requires=("note",),
        stops=(REMOVAL,), then=Move.CLOSE,
    ),
    # What a team or the level that listed it did not accept is fixed again.
    Transition(
        Move.SEND_BACK, at(Stage.VERIFIED), Stage.RECTIFYING, LEADERS | VERIFIERS,
        HazardReach.LISTED_BY, side=Side.CHECK, needs=MAJOR, requires=("note",), starts=("HAZ-5",),
        stops=("LOC-8", REMOVAL), tells=(Notified.POST, Notified.WORKERS), returns=True,
        explains=(Move.SUBMIT,),
    ),
)  # fmt: skip
