"""Requests to correct or erase that wait for an officer, on Today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Participation
from bihuan.core import amending as rules
from bihuan.core.lifecycle import SOLVERS
from bihuan.desk.agenda import SHOWN, item_of
from bihuan.desk.context import AgendaContext, within
from bihuan.orgs.models import User
from bihuan.receipts.models import Amendment
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection

TITLE, NOTE = _("Correction or erasure requests"), _("To decide")


def agenda(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the items, earliest deadline first; each links to its case."""
    context = AgendaContext.by(user, now)
    rows = context.rows(_waiting) if context.with_powers(*rules.DECIDERS) else []
    tasks: dict[str, AgendaItem] = {}
    for row in rows:
        task = _task(*row)
        tasks.setdefault(task.number, task)
    yield AgendaSection.of(TITLE, tasks.values(), order=7)


def _task(pk: int, *row: Any) -> AgendaItem:
    item = item_of(dict(zip(SHOWN, row, strict=True)), "", NOTE)
    return replace(item, step_url=reverse("receipts:decide-amendment", args=[item.number, pk]))


def _waiting(context: AgendaContext) -> QuerySet[Amendment, tuple[Any, ...]]:
    """Return what the officer may decide: see `amending.require_decider`."""
    solved = Participation.objects.filter(
        case=OuterRef("case"), member__in=context.members, side__in=sorted(SOLVERS)
    )
    of_others = ~Q(handled_by__in=context.members) | Q(handled_by=None)
    not_solved = ~Q(case__resolved_by__in=context.members) | Q(case__resolved_by=None)
    waiting = Amendment.objects.filter(
        within(context.with_powers(*rules.DECIDERS), "case__owner"),
        context.open_to("case"),
        of_others,
        not_solved,
        ~Exists(solved),
        decided_at=None,
        withdrawn_at=None,
    )
    own = {"due_at": "clock__due_at", "is_due_provisional": "clock__is_provisional"}
    shown = (own.get(name, f"case__{name}") for name in SHOWN)
    return waiting.order_by("clock__due_at", "pk").values_list("pk", *shown)[: AT_MOST + 1]
