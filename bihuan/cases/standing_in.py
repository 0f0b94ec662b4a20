"""What an officer would lose by acting for another: cases that are closed to the other."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.cases.models.sight import barring
from bihuan.orgs import access
from bihuan.orgs.holdings import Lost
from bihuan.orgs.models import Tenure, Unit, User

MOST = 50


def lost_by(member: User, tenure: Tenure, now: datetime) -> Lost:
    """Return the open cases which the officer sees now and would not see as the stand-in.

    Those that the officer's own posts work on, or have access to as confidential ones, are apart.
    """
    is_own = _is_own(member, now)
    open_now = queries.visible_to(member, now).filter(_is_barred(tenure), ended_at=None)
    found = open_now.annotate(is_own=is_own).order_by("-is_own", "pk")
    rows = list(found.values_list("number", "is_own")[:MOST])
    return Lost(
        tuple(number for number, is_own in rows if is_own),
        tuple(number for number, is_own in rows if not is_own),
    )


def closed_by(stand_in: Tenure, now: datetime) -> int:
    """Return how many open cases of the officer's own posts are closed for the holder's sake alone:
    the bar came after the officer had accepted.
    """
    member, held = stand_in.member, stand_in.holder_tenure
    assert held is not None
    seats = access.own_seats(member, localdate(now))
    over = {step for seat in seats for step in _steps(seat.unit)}
    bars = barring([member.pk], over, queries.before(member, now))
    own_bars = Exclusion.objects.filter(bars, case=OuterRef("pk"))
    cases = Case.objects.filter(_is_own(member, now), _is_barred(held), ended_at=None)
    return cases.exclude(Exists(own_bars)).count()


def _is_own(member: User, now: datetime) -> Q:
    """Condition for the cases of the officer's own posts."""
    own = [seat.post.pk for seat in access.own_seats(member, localdate(now))]
    known = AccessGrant.objects.filter(case=OuterRef("pk"), post__in=own)
    return Q(post__in=own, is_confidential=False) | Q(Exists(known))


def _is_barred(tenure: Tenure) -> Q:
    """Condition for the cases that are closed to the holder of this tenure."""
    bars = barring([tenure.member_id], _steps(tenure.post.unit), ())
    return Q(Exists(Exclusion.objects.filter(bars, case=OuterRef("pk"))))


def _steps(unit: Unit) -> list[int]:
    return [int(step) for step in unit.path.rstrip("/").split("/")]
