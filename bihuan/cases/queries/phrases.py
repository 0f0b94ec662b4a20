"""The phrases that an officer may use, and those that the officer may change."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from bihuan.cases.models import SavedPhrase
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User

MOST = 30


def offered(user: User, use: str, now: datetime) -> list[SavedPhrase]:
    """Return the officer's own phrases for this field, and those of the units at or above."""
    seats = access.seats(user, localdate(now))
    above = {path for seat in seats for path in (seat.unit.path, *seat.unit.paths_above())}
    rows = SavedPhrase.objects.filter(Q(member=user) | Q(unit__path__in=above), use=use)
    return list(rows.order_by("unit_id", "pk")[:MOST])


def kept_by(user: User, now: datetime) -> QuerySet[SavedPhrase]:
    """Return the officer's own phrases, and those of the units where the officer coordinates."""
    tops = access.acting_tops(user, [Power.COORDINATE], localdate(now))
    units = Unit.objects.within(*tops) if tops else Unit.objects.none()
    rows = SavedPhrase.objects.filter(Q(member=user) | Q(unit__in=units))
    return rows.select_related("unit").order_by("use", "unit__path", "pk")
