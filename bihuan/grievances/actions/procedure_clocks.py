"""A move within a procedure, which defines the rules of the clocks that it starts and stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from bihuan.cases.actions import clocks, loop
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import procedure, rules
from bihuan.core.grievance import ClockPurpose
from bihuan.core.procedure import Pathway
from bihuan.grievances.models import Grievance
from bihuan.grievances.queries import forget_record, procedure_of, record_of, way_of


def proceed(act: loop.MoveContext, *, extra: Iterable[ClockPurpose] = ()) -> Case:
    """Complete the move with the clocks of its row, and of these clock purposes."""
    record = record_of(act.case)
    named = procedure_of(record).clocks_of(act.row, way_of(record), simple=record.is_simple)
    more = [rule for slot in extra for rule in _rules(record, slot)]
    for rule_id in (*named.starts, *more):
        start(act.case, rule_id, act.now)
    case = loop.finish(act, starts=(), stops=named.stops)
    forget_record(case)
    return case


def start(case: Case, rule_id: str, now: datetime) -> None:
    """Start a clock of the grievance's procedure, from the receipt if the rule requires it."""
    ruled = procedure_of(record_of(case))
    on = running.local_date(now)
    rule = rules.rule(rule_id, on=on, jurisdiction=ruled.jurisdiction)
    at = procedure.start_of(rule, received_at=_received_at(case), now=now)
    start_from(case, rule_id, at, now)


def start_from(case: Case, rule_id: str, at: datetime, now: datetime) -> None:
    """Start a clock now that counts from earlier; it replaces a running clock of the same rule."""
    for clock in case.clocks.filter(stopped_at=None, rule_id=rule_id):
        running.give_way(clock, now)
    clocks.start(case, rule_id, at, jurisdiction=procedure_of(record_of(case)).jurisdiction)


def _received_at(case: Case) -> datetime:
    """Return when the body that has it, or to which it is being transferred, received it."""
    transfers = case.handovers.filter(Q(ended_at=None) | Q(to_unit=case.owner))
    last = transfers.order_by("sent_at").last()
    return last.sent_at if last else case.reported_at


def start_again(case: Case, slot: ClockPurpose, before: datetime, now: datetime) -> None:
    """Let a clock continue from its earlier start, as if it had not been interrupted."""
    record = record_of(case)
    rules_of_slot = procedure_of(record).every_rule(slot)
    ran = case.clocks.filter(rule_id__in=rules_of_slot, started_at__lt=before)
    last = ran.order_by("pk").last()
    for rule_id in _rules(record, slot):
        start_from(case, rule_id, last.started_at if last else before, now)


def swap(
    act: loop.MoveContext, slot: ClockPurpose, *, before: Pathway | None, was_simple: bool
) -> None:
    """The pathway changed while this clock ran: the rule of the new one replaces it."""
    record = record_of(act.case)
    old = procedure_of(record).rules(slot, before, simple=was_simple)
    new = _rules(record, slot)
    rows = list(act.case.clocks.filter(stopped_at=None, rule_id__in=old))
    if old == new or not rows:
        return
    for clock in rows:
        running.give_way(clock, act.now)
    since = record.accepted_at if slot is ClockPurpose.CONCLUDE else rows[0].started_at
    for rule_id in new:
        start(act.case, rule_id, since or act.now)


def _rules(record: Grievance, slot: ClockPurpose) -> tuple[str, ...]:
    return procedure_of(record).rules(slot, way_of(record), simple=record.is_simple)
