"""Granted access: recorded on its row, notified to the people concerned, confirmed by a second
administrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.orgs import access, announcements, queries
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions.steps import lock_organisation, note, require_settled_over, units_of
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.announcements import News, cause_of
from bihuan.orgs.models import Post, Tenure, Unit, User

Grantee = Post | Tenure | User
G = TypeVar("G", Post, Tenure, User)
FIELDS = ("granted_at", "granted_by", "confirmed_at", "confirmed_by")


def granted(row: G, actor: Actor, now: datetime) -> G:
    """Mark access as granted now, on a row that the caller saves.

    Access granted while the installation is being set up takes effect at once: no one else exists
    yet to confirm it.
    """
    is_founding = actor is Console.FOUNDING
    row.granted_at = None if is_founding else now
    row.granted_by = actor if isinstance(actor, User) else None
    row.confirmed_at = row.confirmed_by = None
    return row


def tell_appointed(tenure: Tenure, actor: Actor, now: datetime) -> None:
    """Notify the holder, the leaders and the other administrators of an appointment."""
    _tell(tenure.post.unit, [tenure.member], "appointed", tenure, actor, now)


def tell_annulled(tenure: Tenure, actor: Actor, now: datetime) -> None:
    """Notify the same officers that an appointment is annulled."""
    _tell(tenure.post.unit, [tenure.member], "annulled", tenure, actor, now)


def tell_widened(post: Post, actor: Actor, now: datetime) -> None:
    """Notify the same officers of powers added to a post."""
    held = Tenure.objects.not_over(localdate(now)).filter(post=post).select_related("member")
    _tell(post.unit, [tenure.member for tenure in held], "widened", post, actor, now)


def tell_account(member: User, what: str, actor: Actor, now: datetime) -> None:
    """Notify the officer, the leaders of the officer's units and their other administrators that
    access to the account was given out: by a new password, or by unlocking it at the console.
    """
    units = {each.pk: each for each in units_of(member, now)}
    for unit in units.values() or [None]:
        _tell(unit, [member], what, member, actor, now)


def _tell(
    unit: Unit | None,
    holders: list[User],
    what: str,
    row: Grantee,
    actor: Actor,
    now: datetime,
) -> None:
    if actor is Console.FOUNDING:
        return
    post = row.post if isinstance(row, Tenure) else row if isinstance(row, Post) else None
    by = actor.name if isinstance(actor, User) else ""
    reaches = post is None or grants.REACHING & set(post.powers)
    until_at = row.grant.settles_at if reaches and what != "annulled" else None
    news = News(
        unit,
        what,
        cause=cause_of(what, row, now),
        now=now,
        detail={
            "who": "、".join(holder.name for holder in holders),
            "post": str(post) if post else "",
            "by": by,
            "until_at": until_at.isoformat() if until_at else "",
        },
    )
    watching = queries.watching(unit, localdate(now)) if unit else []
    others = [each for each in watching if each not in holders and each != actor]
    announcements.tell([*holders, *others], news)


# ------------------------------------------------------------------ confirming
@transaction.atomic
def confirm(*, row: Grantee, granted_at: datetime | None, actor: User, now: datetime) -> None:
    """Confirm access granted by another administrator; it takes effect from now on.

    `granted_at` is the value that the page showed; access granted after that was not reviewed.
    """
    lock_organisation()
    row = _locked(row)
    if row.granted_at != granted_at:
        raise grants.NothingWaits
    holders = {holder.pk for holder in _holders(row, now)}
    for unit in _units(row, now) or (None,):
        require_settled_over(actor, unit, now)
        _require_settled_granter(row, unit, now)
    same = access.same_person(actor, granted_at or now, now)
    grants.require_confirmable(row.grant, confirmer=same, holders=holders, now=now)
    if isinstance(row, User) and row.must_change_password:
        raise grants.GivenPassword

    row.confirmed_at, row.confirmed_by = now, actor
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    subject = row.post if isinstance(row, Tenure) else row
    who = row.member.username if isinstance(row, Tenure) else ""
    note(subject, OrgAct.CONFIRM, actor=actor, now=now, after={"member": who} if who else None)


def _locked(row: Grantee) -> Grantee:
    match row:
        case Tenure():
            return Tenure.objects.select_for_update(of=("self",)).get(pk=row.pk)
        case Post():
            return Post.objects.select_for_update(of=("self",)).get(pk=row.pk)
        case User():
            return User.objects.select_for_update().get(pk=row.pk)


def _require_settled_granter(row: Grantee, unit: Unit | None, now: datetime) -> None:
    """Require that the granter administered the unit then, with a post and a password that are not
    pending now. Otherwise one administrator could create another, grant access through that
    account, and confirm it.
    """
    granter, granted_at = row.granted_by, row.granted_at
    if granter is None or granted_at is None:
        return
    on = localdate(granted_at)
    tenures = Tenure.objects.filter(member=granter, start_date__lte=on).select_related("post__unit")
    by = [
        grants.settles_at(tenure.grant, tenure.post.grant, granter.grant)
        for tenure in tenures
        if tenure.left_date is None or tenure.left_date >= on
        if Power.ADMINISTER in tenure.post.powers
        if unit is None or unit.is_within(tenure.post.unit)
    ]
    if all(grants.waits(settles_at, now) for settles_at in by):
        raise grants.GranterWaits(granter.name)


def _holders(row: Grantee, now: datetime) -> Iterator[User]:
    if isinstance(row, User):
        yield row
    elif isinstance(row, Tenure):
        yield row.member
    else:
        held = Tenure.objects.not_over(localdate(now)).filter(post=row).select_related("member")
        yield from (tenure.member for tenure in held)


def _units(row: Grantee, now: datetime) -> list[Unit]:
    """Return the units that the confirming officer must administer."""
    if isinstance(row, User):
        return units_of(row, now)
    return [row.post.unit if isinstance(row, Tenure) else row.unit]
