"""Posts, and who holds them during which period."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.powers import Power, are_together
from bihuan.orgs import access, holdings
from bihuan.orgs.access import Actor
from bihuan.orgs.actions.granting import FIELDS, granted, tell_appointed, tell_widened
from bihuan.orgs.actions.steps import (
    change,
    day_after,
    keep_an_administrator,
    lock_organisation,
    note,
    require_appointable,
    require_open,
    require_over,
)
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import (
    AlreadyThere,
    DatesOutOfOrder,
    MemberInactive,
    NotAnOperatorsPost,
    OpenWork,
    PostEnded,
    PostHeld,
)


@transaction.atomic
def add_post(
    *,
    unit: Unit,
    title: str,
    powers: Collection[Power],
    actor: Actor,
    now: datetime,
    title_en: str = "",
) -> Post:
    """Create a post in a unit; its powers reach over the unit and all units below it."""
    lock_organisation()
    unit = Unit.objects.get(pk=unit.pk)
    require_over(actor, unit, now)
    require_open(unit)
    require_fitting(unit, powers)
    if Post.objects.filter(unit=unit, title=title).exists():
        raise AlreadyThere(title)

    post = Post.objects.create(
        unit=unit, title=title, title_en=title_en, powers=_sorted_powers(powers)
    )
    after = {"unit": unit.code, "title": title, "powers": post.powers}
    note(post, OrgAct.ADD_POST, actor=actor, now=now, after=after)
    return post


@transaction.atomic
def change_post(
    *,
    post: Post,
    title: str,
    powers: Collection[Power],
    actor: Actor,
    now: datetime,
    title_en: str = "",
) -> Post:
    """Change a post's title or powers; its holder has them from the next request on."""
    post = locked_post(post)
    require_over(actor, post.unit, now)
    require_fitting(post.unit, powers)
    if Post.objects.filter(unit=post.unit, title=title).exclude(pk=post.pk).exists():
        raise AlreadyThere(title)

    powers_before, powers_after = post.powers, _sorted_powers(powers)
    is_widened = grants.widened(powers_before, powers_after)
    if is_widened and isinstance(actor, User):
        grants.require_own_waits(post.grant, actor.pk, now)
    changed = change(post, title=title, title_en=title_en, powers=powers_after)
    if changed:
        keep_an_administrator(actor, post, powers_before, localdate(now))
        note(
            post,
            OrgAct.CHANGE_POST,
            actor=actor,
            now=now,
            before=changed.before,
            after=changed.after,
        )
        if is_widened:
            granted(post, actor, now).save(update_fields=FIELDS)
            tell_widened(post, actor, now)
        forget_seats_of(actor)
    return post


@transaction.atomic
def end_post(
    *,
    post: Post,
    end_date: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
    to: Post | None = None,
    to_coordinators: bool = False,
    is_move: bool = False,
) -> Post:
    """Close a post; its holder leaves it on that day.

    Its open work is transferred to another post, or waits until a coordinator of the unit assigns
    it. If the post moves to another unit (`is_move`), work that is closed to that unit waits too.
    """
    post = locked_post(post)
    require_over(actor, post.unit, now)
    if post.end_date:
        raise PostEnded
    later = Tenure.objects.filter(post=post, start_date__gt=end_date).select_related("member")
    if successor := later.first():
        raise PostHeld(successor.member.name)
    by = actor if isinstance(actor, User) else None
    leaving = holdings.Leaving(post, to, by, now, reason, is_move=is_move)
    _leave_work(leaving, to_coordinators=to_coordinators)

    for tenure in Tenure.objects.not_over(end_date).filter(post=post):
        change(tenure, **_ended(tenure, end_date, now))
    change(post, end_date=end_date)
    keep_an_administrator(actor, post, post.powers, day_after(end_date, now))
    after = {"end_date": end_date, **({"work_to": to.title} if to else {})}
    note(post, OrgAct.END_POST, actor=actor, now=now, reason=reason, after=after)
    forget_seats_of(actor)
    return post


@transaction.atomic
def appoint(
    *,
    post: Post,
    member: User,
    start_date: date,
    actor: Actor,
    now: datetime,
    end_date: date | None = None,
) -> Tenure:
    """Appoint a member to a post that is vacant in this period."""
    post = locked_post(post)
    require_over(actor, post.unit, now)
    tenure = _begin(post, member, start_date, end_date, actor, now)
    after = {
        "member": member.username,
        "start_date": start_date,
        "end_date": end_date,
    }
    note(post, OrgAct.APPOINT, actor=actor, now=now, after=after)
    tell_appointed(tenure, actor, now)
    forget_seats_of(actor)
    return tenure


@transaction.atomic
def hand_over(
    *, post: Post, to: User, start_date: date, actor: Actor, now: datetime, reason: str = ""
) -> Tenure:
    """Hand a post over to its next holder on a given day; its open work stays with the post."""
    post = locked_post(post)
    require_over(actor, post.unit, now)
    held = Tenure.objects.select_related("member").filter(post=post, end_date=None).first()
    if held is None:
        return appoint(post=post, member=to, start_date=start_date, actor=actor, now=now)
    if held.member_id == to.pk:
        raise PostHeld(held.member.name)
    if held.start_date >= start_date:
        raise DatesOutOfOrder(held.start_date)

    change(held, **_ended(held, start_date - timedelta(days=1), now))
    tenure = _begin(post, to, start_date, None, actor, now)
    keep_an_administrator(actor, post, post.powers, max(start_date, localdate(now)))
    note(
        post,
        OrgAct.HAND_OVER,
        actor=actor,
        now=now,
        reason=reason,
        before={"member": held.member.username},
        after={"member": to.username, "start_date": start_date},
    )
    tell_appointed(tenure, actor, now)
    forget_seats_of(actor)
    return tenure


@transaction.atomic
def end_tenure(
    *, tenure: Tenure, end_date: date, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """End an officer's tenure after this day; a tenure that has not begun is deleted."""
    post = locked_post(tenure.post)
    tenure = Tenure.objects.select_related("member").get(pk=tenure.pk)
    require_over(actor, post.unit, now)
    before = {"member": tenure.member.username, "start_date": tenure.start_date}
    if tenure.start_date > max(end_date, localdate(now)):
        tenure.delete()
        keep_an_administrator(actor, post, post.powers, tenure.start_date)
        note(post, OrgAct.WITHDRAW, actor=actor, now=now, reason=reason, before=before)
        return
    if end_date < tenure.start_date:
        raise DatesOutOfOrder(tenure.start_date)
    is_longer = tenure.end_date is not None and tenure.end_date < end_date
    if is_longer and tenure.end_date is not None:
        _require_free(post, tenure.end_date + timedelta(days=1), end_date)
        require_appointable(actor, tenure.member, now)

    change(tenure, **_ended(tenure, end_date, now))
    if is_longer and end_date >= localdate(now):
        # The previous holder holds the post again.
        granted(tenure, actor, now).save(update_fields=FIELDS)
        tell_appointed(tenure, actor, now)
    keep_an_administrator(actor, post, post.powers, day_after(end_date, now))
    after = {"end_date": end_date}
    note(post, OrgAct.END_TENURE, actor=actor, now=now, reason=reason, before=before, after=after)
    forget_seats_of(actor)


def _leave_work(leaving: holdings.Leaving, *, to_coordinators: bool) -> None:
    """Transfer the open work of the post."""
    work, to = holdings.of_post(leaving.post, localdate(leaving.now)), leaving.to
    if work and to is None and not to_coordinators:
        raise OpenWork(*work)
    if to is not None and (to.pk == leaving.post.pk or to.end_date or to.unit.end_date):
        raise PostEnded
    for holding in holdings.every() if work else ():
        holding.leave(leaving)


# The kinds of units that operate sites.
OPERATORS = frozenset({Unit.Kind.ENTERPRISE, Unit.Kind.SCHOOL, Unit.Kind.FOREST_FARM})


def require_fitting(unit: Unit, powers: Collection[Power]) -> None:
    """Refuse an operator's power together with others, or in an office."""
    operates = Power.OPERATE in powers
    if not are_together(powers) or (operates and unit.kind not in OPERATORS):
        raise NotAnOperatorsPost


def locked_post(post: Post) -> Post:
    """Return the post, with the organisation locked."""
    lock_organisation()
    return Post.objects.select_for_update(of=("self",)).select_related("unit").get(pk=post.pk)


def _ended(tenure: Tenure, end_date: date, now: datetime) -> dict[str, date | None]:
    """Return the end date and, if it is entered late, the day until which the officer acted from
    the post.
    """
    acted_until = min(tenure.left_date or localdate(now), localdate(now))
    return {
        "end_date": end_date,
        "acted_until_date": acted_until if end_date < acted_until else None,
    }


def _begin(
    post: Post,
    member: User,
    start_date: date,
    end_date: date | None,
    actor: Actor,
    now: datetime,
) -> Tenure:
    if not User.objects.filter(pk=member.pk, is_active=True).exists():
        raise MemberInactive
    require_appointable(actor, member, now)
    if post.ended_by(start_date) or post.unit.closed_by(start_date):
        raise PostEnded
    if end_date is not None and end_date < start_date:
        raise DatesOutOfOrder(start_date)
    _require_free(post, start_date, end_date)
    tenure = Tenure(post=post, member=member, start_date=start_date, end_date=end_date)
    granted(tenure, actor, now).save()
    return tenure


def _require_free(post: Post, start_date: date, end_date: date | None) -> None:
    held = Tenure.objects.not_over(start_date).filter(post=post).select_related("member")
    if end_date is not None:
        held = held.filter(start_date__lte=end_date)
    if holder := held.first():
        raise PostHeld(holder.member.name)


def _sorted_powers(powers: Collection[Power]) -> list[str]:
    return [power.value for power in Power if power in powers]


def forget_seats_of(actor: Actor) -> None:
    """Clear the cached seats of the acting officer."""
    if isinstance(actor, User):
        access.forget_seats(actor)
