"""Breaches that wait for an officer, as shown on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.breaches import queries, wording
from bihuan.breaches.models import Breach
from bihuan.core.breach import BreachAct, Known
from bihuan.core.deadlines import Due
from bihuan.orgs.choices import name_of
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection


def sections(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return open breaches for those who keep the register, and for others those to review."""
    if not queries.keeps_any(user, now):
        handed_in = queries.to_check(user, now)
        yield AgendaSection.of(
            _("Data breaches"), map(_to_check, handed_in[: AT_MOST + 1]), is_checked=True, order=1
        )
        return
    found = queries.kept_by(user, now).exclude(stage=Breach.Stage.CLOSED)
    rows = list(found.select_related("unit").order_by("pk")[: AT_MOST + 1])
    dues = {pk: row.due for pk, row in queries.clocks_of(rows).items() if row.stopped_at is None}
    rows.sort(key=lambda row: (row.pk not in dues, row.found_at))
    known = queries.known_of(rows)
    items = (_waiting(row, known[row.pk], user, dues.get(row.pk)) for row in rows)
    yield AgendaSection.of(
        _("Data breaches"), items, reverse("breaches:breaches"), is_checked=True, order=1
    )


def _waiting(breach: Breach, known: Known, user: User, due: Due | None) -> AgendaItem:
    return AgendaItem(
        title=wording.number(breach),
        url=reverse("breaches:breach", args=[breach.number]),
        unit=name_of(breach.unit),
        step_label=_next(breach, known, user),
        due=due,
    )


def _to_check(breach: Breach) -> AgendaItem:
    return AgendaItem(
        title=wording.number(breach),
        url=reverse("breaches:breach", args=[breach.number]),
        unit=name_of(breach.unit),
        step_label=str(wording.DO[BreachAct.CLOSE]),
    )


def _next(breach: Breach, known: Known, user: User) -> str:
    """Describe the next step; the page of the breach has its button."""
    if known.is_handed_in:
        own = breach.asked_by_id == user.pk
        return _("Awaiting check by another officer") if own else str(wording.DO[BreachAct.CLOSE])
    if known.lacks:
        return str(wording.TO_DO[known.lacks[0]][0])
    return str(wording.DO[BreachAct.ASK_CHECK])
