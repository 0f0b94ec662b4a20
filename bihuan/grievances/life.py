"""The grievance as the loop knows it: its table, its facts, and who answers for its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bihuan.cases.lives import Life, Look
from bihuan.cases.models import Case
from bihuan.core import procedure, rules
from bihuan.core.grievance import GRIEVANCE, Move, Slot
from bihuan.core.lifecycle import Fact
from bihuan.core.powers import Power
from bihuan.core.procedure import Sort
from bihuan.grievances import queries
from bihuan.grievances.actions.reviewing import letter_seen
from bihuan.grievances.models import Grievance

COORDINATORS = frozenset({Power.COORDINATE})
HANDLERS = frozenset({Power.HANDLE})
NOBODY: frozenset[Power] = frozenset()
ISSUES = (Move.ISSUE, Move.ISSUE_REVIEW, Move.ISSUE_REREVIEW)

WHO: Mapping[Slot, tuple[frozenset[Power], str]] = {
    Slot.REGISTER: (COORDINATORS, "owner"),
    Slot.TELL: (COORDINATORS, "owner"),
    Slot.OBJECT: (COORDINATORS, "receiver"),
    Slot.RELAY: (COORDINATORS, "receiver"),
    Slot.CONCLUDE: (HANDLERS, "owner"),
    # The person's own windows: no officer is told of them.
    Slot.ASK_REVIEW: (NOBODY, "owner"),
    Slot.REVIEW: (HANDLERS, "owner"),
    Slot.ASK_REREVIEW: (NOBODY, "owner"),
    Slot.REREVIEW: (HANDLERS, "owner"),
    Slot.REGISTERED: (COORDINATORS | HANDLERS, "owner"),
    Slot.DECIDE_EXTENSION: (frozenset({Power.APPROVE}), "owner"),
}


def look(case: Case) -> Look:
    """The class, the transfer and the opinions, as the rules see them."""
    record = queries.record_of(case)
    drafter = record.drafter
    return Look(
        facts=frozenset(_facts(record)),
        receiver=record.receiver or "",
        # Nobody issues their own draft, nor closes what they answered.
        askers={
            move: person
            for move, person in (
                *((issue, drafter) for issue in ISSUES),
                (Move.CLOSE, case.resolved_by_id),
            )
            if person is not None
        },
    )


def _facts(record: Grievance) -> Iterable[Fact]:
    way = queries.way_of(record)
    said = {
        Fact.CLASSIFIED: way is not None,
        Fact.ANSWERABLE: way is not None and way.answered,
        Fact.ADVISED: way is not None and way.sort is Sort.REQUEST and not way.answered,
        Fact.OBJECTED: record.has_objection,
        Fact.EXTENDABLE: bool(record.due_rule) and record.due_rule in _extendable(),
        Fact.REVIEWABLE: queries.is_reviewable(record),
        Fact.REVIEWED: record.was_reviewed,
        Fact.UNSERVED: bool(record.is_unserved),
    }
    return (fact for fact, so in said.items() if so)


def _extendable() -> frozenset[str]:
    return frozenset(rule.id for rule in rules.every_rule() if rule.extension)


LIFE = Life(
    lifecycle=GRIEVANCE,
    series="XF",
    look=look,
    answerable={
        rule: WHO[slot]
        for each in procedure.every()
        for slot in Slot
        for rule in each.every_rule(slot)
    },
    letter_seen=letter_seen,
    receivers=queries.receivers,
)
