"""What Today shows of hazards, apart from the cases themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases.agenda import AT_MOST, Section, Task
from bihuan.cases.asked import AgendaContext
from bihuan.core.deadlines import Due
from bihuan.core.hazard import Move
from bihuan.hazards.models import Control
from bihuan.orgs.models import User


def expiring_controls(user: User, now: datetime) -> Iterator[Section]:
    """Interim controls on the officer's own posts that end within days."""
    ending = AgendaContext.by(user, now).rows(_ending)
    tasks = [
        Task(
            number=number,
            title=what[:80],
            place=place,
            kind=kind,
            due=Due(ends_at, provisional),
            unit=unit,
            unit_en=unit_en,
            move=Move.ADD_CONTROL,
        )
        for what, ends_at, provisional, number, place, kind, unit, unit_en in ending
    ]
    title = _("My interim controls ending soon")
    yield Section(title, tasks[:AT_MOST], is_cut=len(tasks) > AT_MOST)


def _ending(asked: AgendaContext) -> QuerySet[Control, tuple[Any, ...]]:
    rows = Control.objects.filter(
        ended_at=None,
        post__in=asked.posts,
        expiry_date__lte=asked.soon,
        hazard__case__ended_at=None,
    ).order_by("expiry_date", "pk")
    case = ("number", "place", "kind", "owner__name", "owner__name_en")
    ends = ("clock__due_at", "clock__is_provisional")
    shown = ("what", *ends, *(f"hazard__case__{name}" for name in case))
    return rows.values_list(*shown)[: AT_MOST + 1]
