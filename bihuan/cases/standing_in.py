"""What an officer would lose by acting for another: cases that are closed to the other."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import AccessGrant, Exclusion
from bihuan.cases.models.sight import barring
from bihuan.orgs import access
from bihuan.orgs.holdings import Lost
from bihuan.orgs.models import Tenure, User

MOST = 50


def lost_by(member: User, tenure: Tenure, now: datetime) -> Lost:
    """Return the open cases which the officer sees now and would not see as the stand-in.

    Those that the officer's own posts work on, or have access to as confidential ones, are apart.
    """
    own = [seat.post.pk for seat in access.own_seats(member, localdate(now))]
    over = [int(step) for step in tenure.post.unit.path.rstrip("/").split("/")]
    bars = Exclusion.objects.filter(barring([tenure.member_id], over, ()), case=OuterRef("pk"))
    known = AccessGrant.objects.filter(case=OuterRef("pk"), post__in=own)
    open_now = queries.visible_to(member, now).filter(Exists(bars), ended_at=None)
    found = open_now.annotate(is_own=Q(post__in=own) | Exists(known)).order_by("-is_own", "pk")
    rows = list(found.values_list("number", "is_own")[:MOST])
    return Lost(
        tuple(number for number, is_own in rows if is_own),
        tuple(number for number, is_own in rows if not is_own),
    )
