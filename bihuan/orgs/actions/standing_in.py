"""Stand-ins: another officer acts for the holder of a post for some days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from bihuan.core.powers import NO_CASES, Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import access, announcements, queries, stand_ins
from bihuan.orgs.access import Actor
from bihuan.orgs.actions.steps import lock_organisation, note
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.announcements import News, cause_of
from bihuan.orgs.models import StandInOffer, Tenure, TenureQuerySet, User
from bihuan.orgs.refusals import (
    AlreadyStoodIn,
    AwayMeanwhile,
    DatesOutOfOrder,
    DayPast,
    LeavesBefore,
    MemberInactive,
    NotEqualPowers,
    NothingToStandInFor,
    StandInTooEarly,
    StandInTooLong,
)

MOST_DAYS = 183


def require_possible(
    tenure: Tenure, member: User, start_date: date, end_date: date, now: datetime
) -> None:
    """Refuse unless this officer may act for the holder on these days."""
    _require_days(tenure, start_date, end_date, now)
    _require_free(tenure, member, start_date, end_date)
    _require_equal(tenure, member, max(start_date, localdate(now)))


def begin_stand_in(
    tenure: Tenure, member: User, start_date: date, end_date: date, now: datetime
) -> Tenure:
    """Let the officer act on these days; in the transaction that recorded the acceptance."""
    found = Tenure.with_stand_ins.create(
        post=tenure.post,
        member=member,
        start_date=start_date,
        end_date=end_date,
        holder_tenure=tenure,
    )
    access.forget_seats(member)
    access.forget_seats(tenure.member)
    return found


@transaction.atomic
def end_stand_in(*, stand_in: Tenure, actor: User, now: datetime, reason: str = "") -> None:
    """End it at once: by the holder, by the stand-in, or by an administrator of the unit."""
    lock_organisation()
    waiting = _not_over(localdate(now)).select_related(
        "post__unit", "member", "holder_tenure__member"
    )
    found = waiting.filter(pk=stand_in.pk).first()
    if found is None or not may_end(found, actor, now):
        raise NotAllowed
    _end(found, actor, now, reason)
    tell_of(found, "stand_in_ended", actor, now)
    access.forget_seats(actor)


def may_end(stand_in: Tenure, user: User, now: datetime) -> bool:
    held = stand_in.holder_tenure
    if held is not None and user.pk in (stand_in.member_id, held.member_id):
        return True
    return access.has(user, Power.ADMINISTER, unit=stand_in.post.unit, now=now)


def end_stand_ins_of(member: User, actor: Actor, now: datetime) -> None:
    """End every stand-in by or for an officer whose account was just closed, and what they were
    asked.
    """
    asked = Q(member=member) | Q(tenure__member=member)
    StandInOffer.objects.filter(asked).delete()
    of_member = Q(member=member) | Q(holder_tenure__member=member)
    for each in _not_over(localdate(now)).filter(of_member).select_related("post", "member"):
        _end(each, actor, now, "")


def _end(stand_in: Tenure, actor: Actor, now: datetime, reason: str) -> None:
    before = {
        "member": stand_in.member.username,
        "start_date": stand_in.start_date,
        "end_date": stand_in.end_date,
    }
    post, on = stand_in.post, localdate(now)
    if stand_in.start_date > on:
        stand_in.delete()
    else:
        stand_in.end_date, stand_in.stopped_at = on, now
        stand_in.save(update_fields=["end_date", "stopped_at"])
    note(post, OrgAct.END_STAND_IN, actor=actor, now=now, reason=reason, before=before)


def _not_over(on: date) -> TenureQuerySet:
    return Tenure.with_stand_ins.not_over(on).filter(holder_tenure__isnull=False, stopped_at=None)


def _require_days(tenure: Tenure, start_date: date, end_date: date, now: datetime) -> None:
    if min(start_date, end_date) < localdate(now):
        raise DayPast
    if end_date < start_date:
        raise DatesOutOfOrder(start_date)
    if start_date - localdate(now) > timedelta(days=MOST_DAYS):
        raise StandInTooEarly(MOST_DAYS)
    if end_date - start_date >= timedelta(days=MOST_DAYS):
        raise StandInTooLong(MOST_DAYS)
    ends = [day for day in (tenure.end_date, tenure.post.end_date) if day is not None]
    if ends and min(ends) < end_date:
        raise LeavesBefore(min(ends))


def _require_free(tenure: Tenure, member: User, start_date: date, end_date: date) -> None:
    """Require that neither of the two is away or acts for another then, and that no one else
    does: otherwise a third officer would act for an officer who is absent.
    """
    meanwhile = _not_over(start_date).filter(start_date__lte=end_date)
    meanwhile = meanwhile.select_related("member", "holder_tenure__member")
    if found := meanwhile.filter(holder_tenure=tenure).first():
        raise AlreadyStoodIn(found.member.name)
    away = meanwhile.filter(Q(holder_tenure__member=member) | Q(member=tenure.member_id))
    if found := away.first():
        assert found.holder_tenure is not None
        raise AwayMeanwhile(found.member.name, found.holder_tenure.member.name)


def _require_equal(tenure: Tenure, member: User, on: date) -> None:
    if not User.objects.filter(pk=member.pk, is_active=True).exists():
        raise MemberInactive
    if not frozenset(tenure.post.powers) - NO_CASES:
        raise NothingToStandInFor
    if member not in stand_ins.possible(tenure, on):
        raise NotEqualPowers(member.name)


def tell_of(stand_in: Tenure, what: str, actor: User, now: datetime) -> None:
    held = stand_in.holder_tenure
    assert held is not None
    unit = stand_in.post.unit
    news = News(
        unit,
        what,
        cause=cause_of(what, stand_in if stand_in.pk else held, now),
        now=now,
        detail={
            "who": stand_in.member.name,
            "holder": held.member.name,
            "post": str(stand_in.post),
            "by": actor.name,
            "since": stand_in.start_date.isoformat(),
            "until": str(stand_in.end_date),
        },
    )
    leading = queries.leading(unit, localdate(now))
    recipients = [stand_in.member, held.member, *leading]
    announcements.tell([each for each in recipients if each != actor], news)
