"""Annul an appointment that was entered by mistake, as long as it had no effect."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.refusal import Missing
from bihuan.journal.models import Entry
from bihuan.orgs.access import Actor
from bihuan.orgs.actions.granting import tell_annulled
from bihuan.orgs.actions.posts import forget_seats_of, locked_post
from bihuan.orgs.actions.steps import (
    note,
    require_appointable,
    require_over,
)
from bihuan.orgs.acts import OF_THE_ACCOUNT, OrgAct
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.orgs.refusals import ActedSinceAppointed, NotAnnullable


@transaction.atomic
def annul_tenure(*, tenure: Tenure, actor: Actor, now: datetime, reason: str) -> None:
    """Delete a tenure that was entered by mistake: it no longer excludes the officer from anything.

    Only while it gives no access to confidential cases, and if the officer has done nothing since
    it was entered (decision 179). The journal of the post keeps it, with the reason.
    """
    post = locked_post(tenure.post)
    found = Tenure.objects.select_related("member", "post__unit").filter(pk=tenure.pk).first()
    # A second click comes when the first has deleted it.
    if found is None:
        raise NotAnnullable
    tenure = found
    require_over(actor, post.unit, now)
    require_appointable(actor, tenure.member, now)
    if not reason:
        raise Missing("reason")
    if not may_be_annulled(tenure, now) or actor == tenure.member:
        raise NotAnnullable
    if Tenure.with_stand_ins.filter(holder_tenure=tenure).exists():
        raise NotAnnullable
    since = tenure.granted_at or now
    acts = Entry.objects.filter(actor=tenure.member, at__gte=since).exclude(act__in=OF_THE_ACCOUNT)
    if acts.exists():
        raise ActedSinceAppointed(tenure.member.name)

    before = {
        "member": tenure.member.username,
        "start_date": tenure.start_date,
        "end_date": tenure.end_date,
    }
    tell_annulled(tenure, actor, now)
    tenure.delete()
    note(post, OrgAct.ANNUL, actor=actor, now=now, reason=reason, before=before)
    forget_seats_of(actor)


def annullable(unit: Unit, reader: User, now: datetime) -> frozenset[int]:
    """Return the ids of new appointments in the unit that this administrator may annul."""
    held = Tenure.objects.not_over(localdate(now)).filter(post__unit=unit).exclude(member=reader)
    return frozenset(each.pk for each in held if may_be_annulled(each, now))


def may_be_annulled(tenure: Tenure, now: datetime) -> bool:
    """Whether it is so new that it gives no access to confidential cases yet, and did not begin
    before the day of the entry.
    """
    granted_at = tenure.granted_at
    if granted_at is None or tenure.start_date < localdate(granted_at):
        return False
    return grants.waits(tenure.grant.settles_at, now)
