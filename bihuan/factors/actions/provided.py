"""Sign-in through an external identity provider: which subject belongs to which officer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bihuan.core import second_factor
from bihuan.factors.actions.steps import note, tell
from bihuan.factors.acts import FactorAct
from bihuan.factors.models import ProviderSubject
from bihuan.factors.refusals import SubjectTaken, UnknownSubject
from bihuan.orgs.actions import signing_in
from bihuan.orgs.actions.steps import require_over_member
from bihuan.orgs.models import User


@transaction.atomic
def enter_subject(*, holder: User, subject: str, actor: User, now: datetime) -> None:
    """Set or clear the provider's subject by which the officer signs in.

    A new one takes effect after three days, and the officer is notified at once: the administrator
    who enters it could sign in with it.
    """
    holder = User.objects.select_for_update().get(pk=holder.pk)
    require_over_member(actor, holder, now)
    subject = subject.strip()
    if not subject:
        _remove_subject(holder, actor, now)
        return
    mine = ProviderSubject.objects.filter(issuer=settings.OIDC_ISSUER, subject=subject)
    if mine.exclude(member=holder).exists():
        raise SubjectTaken
    if mine.filter(member=holder).exists():
        return
    ProviderSubject.objects.update_or_create(
        member=holder,
        defaults={
            "issuer": settings.OIDC_ISSUER,
            "subject": subject,
            "entered_by": actor,
            "entered_at": now,
        },
    )
    note(holder, FactorAct.ENTER_SUBJECT, actor=actor, now=now, detail={"subject": subject})
    tell(holder, FactorAct.ENTER_SUBJECT, now=now, detail={"by": actor.name})


def _remove_subject(holder: User, actor: User, now: datetime) -> None:
    removed, _ = ProviderSubject.objects.filter(member=holder).delete()
    if removed:
        note(holder, FactorAct.REMOVE_SUBJECT, actor=actor, now=now)
        tell(holder, FactorAct.REMOVE_SUBJECT, now=now, detail={"by": actor.name})


@transaction.atomic
def come_in(*, subject: str, now: datetime) -> User:
    """Return the officer to whom an administrator assigned this subject; accounts are never created
    here.
    """
    since = now - second_factor.SUBJECT_WAITS
    row = ProviderSubject.objects.filter(
        issuer=settings.OIDC_ISSUER, subject=subject, entered_at__lte=since, member__is_active=True
    ).first()
    if row is None:
        raise UnknownSubject
    member = User.objects.select_for_update().get(pk=row.member_id)
    signing_in.note_first_step(user=member, way="provider", now=now)
    return member
