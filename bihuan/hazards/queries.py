"""What the pages ask about hazards."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from bihuan.hazards.models import Control
from bihuan.orgs.models import Tenure
from bihuan.store.prepared import prepared


@prepared
def controls_in_force(case: int, on: date) -> QuerySet[Control, Control]:
    """The interim controls of a case, each with the holder of its post on that day."""
    rows = Control.objects.filter(hazard=case, ended_at=None).select_related("post__unit")
    holder = Tenure.objects.in_force(on).filter(post=OuterRef("post"))
    named = rows.annotate(holder=Subquery(holder.values("member__name")[:1]))
    return named.order_by("expiry_date", "pk")
