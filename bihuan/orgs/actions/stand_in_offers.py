"""Ask an officer to act for the holder of a post; nothing changes until they accept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import access, announcements, holdings
from bihuan.orgs.actions import standing_in
from bihuan.orgs.actions.steps import lock_organisation, note, require_over
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.announcements import News, cause_of
from bihuan.orgs.models import StandInOffer, Tenure, User
from bihuan.orgs.refusals import AlreadyAsked, LosesOwnWork, OfferGone, OwnStandIn

# The news of the question.
ASKED = "stand_in_asked"


@transaction.atomic
def name_stand_in(
    *,
    tenure: Tenure,
    member: User,
    start_date: date,
    end_date: date,
    actor: User,
    now: datetime,
    reason: str = "",
) -> StandInOffer:
    """Ask an officer with equal powers to act for the holder of a post on these days: by the
    holder, or by an administrator of the unit if the holder cannot, for example when ill.
    """
    lock_organisation()
    tenure = _nameable(tenure, actor, now)
    is_own = tenure.member_id == actor.pk
    if member == actor and not is_own:
        raise OwnStandIn
    standing_in.require_possible(tenure, member, start_date, end_date, now)
    earlier = StandInOffer.objects.filter(tenure=tenure).select_related("member")
    earlier.filter(end_date__lt=localdate(now)).delete()
    if found := earlier.filter(start_date__lte=end_date, end_date__gte=start_date).first():
        raise AlreadyAsked(found.member.name)
    offer = StandInOffer.objects.create(
        tenure=tenure,
        member=member,
        named_by=actor,
        start_date=start_date,
        end_date=end_date,
        named_at=now,
    )
    after = _noted(offer)
    note(tenure.post, OrgAct.NAME_STAND_IN, actor=actor, now=now, reason=reason, after=after)
    _tell(offer, ASKED, [member], actor, now)
    if not is_own:
        _tell(offer, "stand_in_asked_for", [tenure.member], actor, now)
    return offer


@transaction.atomic
def accept_stand_in(*, offer: StandInOffer, actor: User, now: datetime) -> Tenure:
    """Act for the holder from today or the first day on, if everything is still as it was asked.

    It is refused while it would close own work to the officer: an officer complained of could
    otherwise exclude the one who handles the complaint.
    """
    lock_organisation()
    offer = _asked(offer, actor, now)
    tenure, start_date = offer.tenure, max(offer.start_date, localdate(now))
    standing_in.require_possible(tenure, actor, start_date, offer.end_date, now)
    if lost := holdings.lost_by(actor, tenure, now):
        raise LosesOwnWork(tenure.member.name, lost)
    found = standing_in.begin_stand_in(tenure, actor, start_date, offer.end_date, now)
    after = {**_noted(offer), "start_date": start_date}
    note(tenure.post, OrgAct.ACCEPT_STAND_IN, actor=actor, now=now, after=after)
    standing_in.tell_of(found, "stand_in", actor, now)
    _end(offer, actor, now)
    return found


@transaction.atomic
def decline_stand_in(*, offer: StandInOffer, actor: User, now: datetime) -> None:
    """Decline; no reason is asked, so that none is passed on to the holder."""
    lock_organisation()
    offer = _asked(offer, actor, now)
    before = _noted(offer)
    note(offer.tenure.post, OrgAct.DECLINE_STAND_IN, actor=actor, now=now, before=before)
    _tell(offer, "stand_in_declined", [offer.tenure.member, offer.named_by], actor, now)
    _end(offer, actor, now)


@transaction.atomic
def withdraw_stand_in(*, offer: StandInOffer, actor: User, now: datetime, reason: str = "") -> None:
    """Withdraw it before it is answered: by the holder, or by an administrator of the unit."""
    lock_organisation()
    found = StandInOffer.objects.waiting(localdate(now)).filter(pk=offer.pk).first()
    if found is None:
        raise OfferGone
    if not may_withdraw(found, actor, now):
        raise NotAllowed
    post, before = found.tenure.post, _noted(found)
    note(post, OrgAct.WITHDRAW_STAND_IN, actor=actor, now=now, reason=reason, before=before)
    _tell(found, "stand_in_withdrawn", [found.member, found.tenure.member], actor, now)
    _end(found, found.member, now)


def _end(offer: StandInOffer, asked: User, now: datetime) -> None:
    """Delete it, and mark the question as read: it is answered or withdrawn."""
    announcements.settle(asked, ASKED, offer, now)
    offer.delete()


def may_withdraw(offer: StandInOffer, user: User, now: datetime) -> bool:
    if user.pk in (offer.tenure.member_id, offer.named_by_id):
        return True
    return access.has(user, Power.ADMINISTER, unit=offer.tenure.post.unit, now=now)


def _nameable(tenure: Tenure, actor: User, now: datetime) -> Tenure:
    held = Tenure.objects.in_force(localdate(now)).filter(pk=tenure.pk)
    found = held.select_related("member", "post__unit").first()
    if found is None:
        raise NotAllowed
    if found.member_id != actor.pk:
        require_over(actor, found.post.unit, now)
    return found


def _asked(offer: StandInOffer, actor: User, now: datetime) -> StandInOffer:
    found = StandInOffer.objects.waiting(localdate(now)).filter(pk=offer.pk).first()
    if found is None:
        raise OfferGone
    if found.member_id != actor.pk:
        raise NotAllowed
    return found


def _noted(offer: StandInOffer) -> dict[str, object]:
    return {
        "member": offer.member.username,
        "start_date": offer.start_date,
        "end_date": offer.end_date,
    }


def _tell(
    offer: StandInOffer, what: str, members: Iterable[User], actor: User, now: datetime
) -> None:
    holder, post = offer.tenure.member, offer.tenure.post
    news = News(
        None,
        what,
        cause=cause_of(what, offer, now),
        now=now,
        detail={
            "who": offer.member.name,
            "holder": holder.name,
            "post": str(post),
            "by": actor.name,
            "since": offer.start_date.isoformat(),
            "until": offer.end_date.isoformat(),
        },
    )
    announcements.tell([each for each in members if each != actor], news)
