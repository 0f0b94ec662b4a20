"""A move within a procedure: the clocks it starts and stops are the rules that this one names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from bihuan.cases.actions import clocks, loop
from bihuan.cases.models import Case, Clock
from bihuan.core import procedure, rules
from bihuan.core.grievance import Slot
from bihuan.core.procedure import Way
from bihuan.grievances.models import Grievance
from bihuan.grievances.queries import procedure_of, record_of, way_of


def proceed(act: loop.Act, *, besides: Iterable[Slot] = ()) -> Case:
    """Carry the move out with the clocks of its row, and of these slots besides."""
    record = record_of(act.case)
    named = procedure_of(record).clocks_of(act.row, way_of(record), simple=record.is_simple)
    more = [rule for slot in besides for rule in _rules(record, slot)]
    for rule_id in (*named.starts, *more):
        start(act.case, rule_id, act.now)
    return loop.finish(act, starts=(), stops=named.stops)


def start(case: Case, rule_id: str, now: datetime) -> None:
    """Start a clock of the grievance's procedure, from the receipt where the rule counts so."""
    ruled = procedure_of(record_of(case))
    on = clocks.local_date(now)
    rule = rules.rule(rule_id, on=on, jurisdiction=ruled.jurisdiction)
    at = procedure.start_of(rule, received_at=_received_at(case), now=now)
    clocks.replace(case, rule_id, at, due_date=None, jurisdiction=ruled.jurisdiction)


def _received_at(case: Case) -> datetime:
    """When the body that has it, or to which it is on its way, received it."""
    transfers = case.handovers.filter(Q(ended_at=None) | Q(to_unit=case.owner))
    return (
        transfers.order_by("sent_at").values_list("sent_at", flat=True).last() or case.reported_at
    )


def start_again(case: Case, slot: Slot, before: datetime) -> None:
    """Let a clock run from where it ran before, as if what came between had not been."""
    record = record_of(case)
    ruled = procedure_of(record)
    ran = (
        Clock.objects.filter(case=case, rule_id__in=ruled.every_rule(slot), started_at__lt=before)
        .order_by("started_at")
        .last()
    )
    for rule_id in _rules(record, slot):
        at = ran.started_at if ran else before
        clocks.replace(case, rule_id, at, due_date=None, jurisdiction=ruled.jurisdiction)


def swap(act: loop.Act, slot: Slot, *, before: Way | None, was_simple: bool) -> None:
    """The path changed while this clock ran: the rule of the new one runs instead, from when the
    old one started."""
    record = record_of(act.case)
    ruled = procedure_of(record)
    old = ruled.rules(slot, before, simple=was_simple)
    new = _rules(record, slot)
    running = list(Clock.objects.filter(case=act.case, stopped_at=None, rule_id__in=old))
    if old == new or not running:
        return
    for clock in running:
        clocks.stop(clock, act.now, outcome=Clock.Outcome.CANCELLED)
    since = record.accepted_at if slot is Slot.CONCLUDE else running[0].started_at
    for rule_id in new:
        start(act.case, rule_id, since or act.now)


def _rules(record: Grievance, slot: Slot) -> tuple[str, ...]:
    return procedure_of(record).rules(slot, way_of(record), simple=record.is_simple)
