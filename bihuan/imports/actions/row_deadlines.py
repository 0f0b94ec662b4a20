"""A ledger cannot postpone a deadline that binds the importing unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from bihuan.cases import queries
from bihuan.cases.actions import clocks
from bihuan.cases.models import CASE_SUBJECT, Case
from bihuan.core import postponing
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.lifecycle import Situation
from bihuan.core.powers import Power
from bihuan.imports.rows import Update
from bihuan.orgs.models import User

# The power of those who plan the work and set its deadline.
PLANNERS = frozenset({Power.COORDINATE})
# What can change whom a deadline binds, and until when.
CONCERNED = frozenset({"deadline", "stage", "unit"})


def bound(
    updates: Sequence[Update[Any]],
    actor: User | None,
    now: datetime,
    extra: frozenset[str] = frozenset(),
) -> frozenset[int]:
    """Return the cases whose deadlines this officer, whose seat is not above the bound unit, may
    not change.

    `extra` are columns by which a kind defines how much is required of the unit.
    """
    columns = CONCERNED | extra
    concerned = [
        each.held.pk for each in updates if any(change.field in columns for change in each.changes)
    ]
    if actor is None or not concerned:
        return frozenset()
    person = queries.person(actor, now)
    units = Case.objects.filter(pk__in=concerned).values_list("pk", "owner__path", "bound__path")
    return frozenset(
        pk
        for pk, owner, binds in units
        if not postponing.seat_over(
            Situation("", owner, owner, bound=binds or ""), person, PLANNERS
        )
    )


def require_kept(old: datetime | None, new: datetime | None) -> None:
    if postponing.is_later(old, new):
        raise RowRefused(RowFault.POSTPONED, "deadline")


def bind(updates: Sequence[Update[Any]], bound_ones: Collection[int]) -> None:
    """After owners changed: update the units of the clocks, and whom each deadline still binds."""
    for each in updates:
        if not any(change.field == "unit" for change in each.changes):
            continue
        clocks.follow([CASE_SUBJECT + each.held.number], each.new.owner)
        case = Case.objects.filter(pk=each.held.pk)
        if each.held.pk not in bound_ones:
            case.update(bound=None)
        else:
            case.filter(bound=None).update(bound=each.old.owner)
            case.filter(bound=F("owner")).update(bound=None)
