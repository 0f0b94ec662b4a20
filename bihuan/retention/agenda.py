"""Disposal lists that wait for an officer, as shown on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.orgs.models import User
from bihuan.retention import queries, wording
from bihuan.retention.models import Disposal
from bihuan.web.waiting import Section, Waiting

AT_MOST = 20


def sections(user: User, now: datetime) -> Iterator[Section]:
    """Return the lists that others proposed and this officer may confirm, oldest first."""
    rows = queries.to_confirm(user, now)[: AT_MOST + 1]
    waiting = [_waiting(row) for row in rows[:AT_MOST]]
    yield Section(
        _("Disposal lists"), waiting, reverse("retention:retention"), is_cut=len(rows) > AT_MOST
    )


def _waiting(row: Disposal) -> Waiting:
    return Waiting(
        title=wording.list_name(row),
        url=reverse("retention:disposal", args=[row.pk]),
        number="",
        note=row.proposed_by.name,
        step=_("Review and confirm, or do not confirm"),
    )
