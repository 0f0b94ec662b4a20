"""Who approves unsealing, who is notified, and whether the case came here recently."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from bihuan.cases import answering, queries
from bihuan.cases.actions.succession import LEAVE, PASS_ON
from bihuan.cases.models import Case
from bihuan.core import routing, seals
from bihuan.core.grants import WAITS
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs.models import Tenure, User
from bihuan.orgs.queries import watching


def openers(case: Case, now: datetime) -> list[User]:
    """Return the officers of the responsible unit who may unseal the case, or approve it."""
    return answering.holders(case, [case.owner.path], seals.OPENERS, now)


def passed_on_until(case: Case, now: datetime) -> datetime | None:
    """Return until when seals stay closed because an administrator's act transferred the case."""
    passed = Entry.objects.filter(
        chain__subject=case.subject, act__in=(LEAVE, PASS_ON), at__gt=now - WAITS
    )
    last = passed.order_by("-at").first()
    return last.at + WAITS if last else None


def auditors(case: Case, now: datetime) -> list[User]:
    """Return the auditors of the case's unit without an exclusion; if there are none, its
    leaders and administrators. They are notified of the unsealing, though they do not see the
    case.
    """
    paths = [*routing.above(case.owner.path), case.owner.path]
    held = Tenure.objects.in_force(localdate(now)).in_units(paths)
    auditing = [t for t in held.select_related("post", "member") if Power.AUDIT in t.post.powers]
    found = [t.member for t in auditing] or watching(case.owner, localdate(now))
    return [member for member in found if not queries.shuts_out(case, member, now)]
