"""What Today shows of hazards, apart from the cases themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases.agenda import SHOWN, item_of
from bihuan.cases.asked import AgendaContext
from bihuan.core.hazard import Move
from bihuan.hazards.models import Control
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaSection


def expiring_controls(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Interim controls on the officer's own posts that end within days."""
    items = [
        replace(item_of(dict(zip(SHOWN, row, strict=True)), Move.ADD_CONTROL), title=what[:80])
        for what, *row in AgendaContext.by(user, now).rows(_ending)
    ]
    yield AgendaSection.of(_("My interim controls ending soon"), items, order=8)


def _ending(asked: AgendaContext) -> QuerySet[Control, tuple[Any, ...]]:
    rows = Control.objects.filter(
        ended_at=None,
        post__in=asked.posts,
        expiry_date__lte=asked.soon,
        hazard__case__ended_at=None,
    ).order_by("expiry_date", "pk")
    own = {"due_at": "clock__due_at", "is_due_provisional": "clock__is_provisional"}
    shown = (own.get(name, f"hazard__case__{name}") for name in SHOWN)
    return rows.values_list("what", *shown)[: AT_MOST + 1]
