"""Keep a deadline binding on the unit that it was set for, when the work is given to another
unit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from bihuan.cases import kinds, queries
from bihuan.cases.actions.loop import OfficeAct
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import postponing
from bihuan.core.acting import ActingPost
from bihuan.core.postponing import OwnDeadline
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User


def give(act: OfficeAct, unit: Unit, *, until_date: date | None = None) -> None:
    """Record whom the deadline binds from now on; `until_date` is the day that is set, if any.

    Called before the owner changes. A higher level that reassigns the work binds the new owner; a
    unit that passes on work that it is bound to do stays bound.
    """
    case = act.case
    due_date = _running(case)
    if due_date is None:
        act.change(case, bound=None)
        return
    if over := _seat_over(case, act.actor, act.row.powers, act.now):
        act.unit = Unit.objects.get(path=over.path)
        act.change(case, bound=None)
        return
    if until_date is not None and postponing.is_later(due_date, until_date):
        raise OwnDeadline(due_date)
    bound = case.bound or case.owner
    act.change(case, bound=None if bound == unit else bound)


def latest(case: Case, actor: User, powers: Collection[Power], now: datetime) -> date | None:
    """Return the last day that this officer may set for the fix; None if there is no limit."""
    due_date = _running(case)
    if due_date is None or _seat_over(case, actor, powers, now) is not None:
        return None
    return due_date


def _running(case: Case) -> date | None:
    clock = case.clocks.filter(stopped_at=None, rule_id=kinds.of(case).rules.fix).first()
    return None if clock is None else running.local_date(clock.due_at)


def _seat_over(
    case: Case, actor: User, powers: Collection[Power], now: datetime
) -> ActingPost | None:
    return postponing.seat_over(queries.situation(case), queries.person(actor, now), powers)
