"""The clocks of a case: started and stopped by its moves, and the due time that the case shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.actions.running import HOME
from bihuan.clocks.models import Clock
from bihuan.core import amending, rules
from bihuan.core.lifecycle import Transition
from bihuan.core.rules import Party

# The deadline that a register gives.
REGISTERED = "LOC-14"
# These clocks do not make the case itself due: requests for amendment and the reporter's own
# options, and those that a kind names (`kinds.secondary_rules`).
BESIDE = frozenset({amending.TERM}) | {
    rule.id for rule in rules.every_rule() if rule.owed_by is Party.CITIZEN
}


def run(
    case: Case,
    row: Transition,
    now: datetime,
    due_dates: Mapping[str, date] | None = None,
    *,
    jurisdiction: str = HOME,
) -> None:
    """Stop and start the clocks that the move names, and update when the case is due next."""
    for clock in running.of_subject(case.subject):
        if clock.rule_id in row.stops:
            running.stop(clock, now)
        elif clock.rule_id not in row.starts:
            running.follow(clock, case.owner)
    for rule_id in row.starts:
        due_date = (due_dates or {}).get(rule_id)
        replace(case, rule_id, now, due_date=due_date, jurisdiction=jurisdiction)
    refresh_due(case)


def replace(
    case: Case, rule_id: str, now: datetime, *, due_date: date | None, jurisdiction: str = HOME
) -> Clock:
    """Start a clock; it replaces a running clock of the same rule."""
    for clock in running.of_subject(case.subject):
        if clock.rule_id == rule_id:
            running.give_way(clock, now)
    return start(case, rule_id, now, due_date=due_date, jurisdiction=jurisdiction)


def start(
    case: Case,
    rule_id: str,
    now: datetime,
    *,
    due_date: date | None = None,
    jurisdiction: str = HOME,
) -> Clock:
    """Start a clock by the rule version in force today; the shortest limit applies."""
    return running.start(
        case.subject, case.owner, rule_id, now, due_date=due_date, jurisdiction=jurisdiction
    )


def first_of(rule_ids: Iterable[str], now: datetime, *, jurisdiction: str = HOME) -> list[Clock]:
    """Return the clocks that start with a case, to be saved after it."""
    return [running.begun(rule_id, now, jurisdiction=jurisdiction) for rule_id in rule_ids]


def belong(started: Iterable[Clock], case: Case) -> None:
    """Assign these unsaved clocks to this case."""
    for clock in started:
        clock.subject, clock.unit_id = case.subject, case.owner_id


def follow(subjects: Collection[str], unit: int) -> None:
    """Assign the running clocks of these cases to the unit now responsible for them.

    For actions that reassign cases without a move; a move does this itself.
    """
    rows = Clock.objects.filter(subject__in=subjects, stopped_at=None)
    rows.exclude(unit=unit).update(unit=unit)


class CaseDue(NamedTuple):
    """What the case stores about the clock that ends first."""

    due_at: datetime | None
    is_due_provisional: bool = False


def first_due(rows: Iterable[Clock], otherwise: datetime | None = None) -> CaseDue:
    """Return when a case with these clocks is due next."""
    beside = BESIDE | kinds.secondary_rules()
    counted = (row for row in rows if row.rule_id not in beside)
    first = min(counted, key=lambda row: row.due_at, default=None)
    return CaseDue(otherwise) if first is None else CaseDue(first.due_at, first.is_provisional)


def clear(rows: QuerySet[Clock], now: datetime, *, missed: bool) -> None:
    """Remove clocks that a ledger contradicts; what was `missed` by now stays so."""
    planned = {REGISTERED, *kinds.fix_rules()}  # towards a day that an office set
    for row in rows.filter(rule_id__in=planned, due_at__lt=now) if missed else ():
        running.give_way(row, now)
    rows.delete()


def move_deadline(case: Case, until: date, now: datetime) -> None:
    """Grant an extension: the clock of the fix runs until that day."""
    row = case.clocks.get(stopped_at=None, rule_id=kinds.of(case).rules.fix)
    running.extend(row, (until - running.local_date(row.due_at)).days, now)
    refresh_due(case)


def deadline_date(case: Case) -> date | None:
    """Return the day by which the fix is due, extensions included; None before the assignment."""
    fixes = case.clocks.filter(rule_id=kinds.of(case).rules.fix)
    row = fixes.order_by("-started_at", "-pk").first()
    return None if row is None else running.local_date(row.due_at)


def refresh_due(case: Case) -> None:
    """Set the due time of a case to its first running clock; an ended case keeps the last value."""
    first = first_due(running.of_subject(case.subject))
    if first.due_at is not None:
        case.due_at, case.is_due_provisional = first
