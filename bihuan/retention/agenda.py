"""Disposal lists that wait for an officer, as shown on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.orgs.models import User
from bihuan.retention import queries, wording
from bihuan.retention.models import Disposal
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection


def sections(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the lists that others proposed and this officer may confirm, oldest first."""
    rows = queries.to_confirm(user, now)[: AT_MOST + 1]
    yield AgendaSection.of(
        _("Disposal lists"),
        map(_waiting, rows),
        reverse("retention:retention"),
        is_checked=True,
        order=1,
    )


def _waiting(row: Disposal) -> AgendaItem:
    return AgendaItem(
        title=wording.list_name(row),
        url=reverse("retention:disposal", args=[row.pk]),
        note=row.proposed_by.name,
        step_label=_("Review and confirm, or do not confirm"),
    )
