"""Acts by a code from a desk that wait until this officer has asked the reporter, on Today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.desk.agenda import SHOWN, item_of
from bihuan.desk.context import AgendaContext, within
from bihuan.orgs.models import User
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import HeldAct
from bihuan.web.agenda import AgendaItem, AgendaSection

# A unit has few of them; more than this are left to others to confirm.
LOOKED_AT = 200
BESIDE = ("case__owner__path", "case__is_confidential", "unit__path")


def agenda(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the cases with an act to confirm or refuse, longest waiting first."""
    context = AgendaContext.by(user, now)
    scopes = context.with_powers(*desk_codes.CONFIRMING)
    own = frozenset(scope.path for scope in scopes)
    tasks: dict[str, AgendaItem] = {}
    for row in context.rows(_waiting) if scopes else ():
        pk, *shown, owner, is_confidential, desk = row
        if own & set(desk_codes.paths(owner, desk or "", is_confidential=is_confidential)):
            note = _("Ask the person first")
            task = item_of(dict(zip(SHOWN, shown, strict=True)), "", note)
            form = reverse("receipts:decide-held", args=[task.number, pk])
            tasks.setdefault(task.number, replace(task, step_url=form))
    yield AgendaSection.of(
        _("Requests with a code from a desk to confirm"), tasks.values(), order=6
    )


def _waiting(context: AgendaContext) -> QuerySet[HeldAct, tuple[Any, ...]]:
    """Exclude acts that the officer entered, and cases that the officer recorded."""
    here = within(context.with_powers(*desk_codes.CONFIRMING), "case__owner")
    waiting = HeldAct.objects.filter(here, context.open_to("case"), decided_at=None)
    others = waiting.exclude(member__in=context.members).exclude(
        case__reported_by__in=context.members
    )
    shown = (f"case__{name}" for name in SHOWN)
    return others.order_by("held_at", "pk").values_list("pk", *shown, *BESIDE)[:LOOKED_AT]
