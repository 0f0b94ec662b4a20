"""Sign-in by the service of the house: which subject is whose, and coming in by it."""

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
    """Say by which subject of the service the officer comes in, or by none.

    A new one counts after three days, and the officer is told at once: the administrator who
    enters it could come in by it.
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
    """The officer to whom an administrator gave this subject; nobody else, and no new account."""
    since = now - second_factor.SUBJECT_WAITS
    row = ProviderSubject.objects.filter(
        issuer=settings.OIDC_ISSUER, subject=subject, entered_at__lte=since, member__is_active=True
    ).first()
    if row is None:
        raise UnknownSubject
    member = User.objects.select_for_update().get(pk=row.member_id)
    signing_in.note_first_step(user=member, way="provider", now=now)
    return member
