"""What an officer would lose by acting for another: cases that are closed to the other."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.cases.models.sight import barring
from bihuan.orgs import access
from bihuan.orgs.holdings import Closed
from bihuan.orgs.models import Tenure, User

MOST = 50


def lost_by(member: User, tenure: Tenure, now: datetime) -> tuple[str, ...]:
    """Return the open cases that the officer's own posts work on, or have access to as
    confidential ones, which the officer sees now and would not see as the stand-in.

    Other cases that the officer would lose are not named: an officer complained of could learn of
    them by asking a colleague.
    """
    open_now = queries.visible_to(member, now).filter(_is_barred(tenure), ended_at=None)
    own = open_now.filter(_is_own(member, now)).order_by("pk")
    return tuple(own.values_list("number", flat=True)[:MOST])


def closed_by(stand_in: Tenure, now: datetime) -> Closed:
    """Return how many open cases of the officer's own posts are closed for the holder's sake alone:
    the bar came after the officer had accepted.

    Those closed to the holder's unit stay closed: the officer has acted in it since.
    """
    member, held = stand_in.member, stand_in.holder_tenure
    assert held is not None
    seats = access.own_seats(member, localdate(now))
    over = {step for seat in seats for step in seat.unit.steps}
    bars = barring([member.pk], over, queries.before(member, now))
    own_bars = Exclusion.objects.filter(bars, case=OuterRef("pk"))
    cases = Case.objects.filter(_is_own(member, now), _is_barred(held), ended_at=None)
    of_unit = Exclusion.objects.filter(unit__in=held.post.unit.steps, case=OuterRef("pk"))
    found = cases.exclude(Exists(own_bars)).annotate(stays=Exists(of_unit))
    stay = list(found.values_list("stays", flat=True))
    return Closed(until_end=stay.count(False), permanently=stay.count(True))


def _is_own(member: User, now: datetime) -> Q:
    """Condition for the cases of the officer's own posts."""
    own = [seat.post.pk for seat in access.own_seats(member, localdate(now))]
    known = AccessGrant.objects.filter(case=OuterRef("pk"), post__in=own)
    return Q(post__in=own, is_confidential=False) | Q(Exists(known))


def _is_barred(tenure: Tenure) -> Q:
    """Condition for the cases that are closed to the holder of this tenure."""
    bars = barring([tenure.member_id], tenure.post.unit.steps, ())
    return Q(Exists(Exclusion.objects.filter(bars, case=OuterRef("pk"))))
