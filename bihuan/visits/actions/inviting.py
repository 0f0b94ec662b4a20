"""Invite users of the operator of a site, give them a new password, and end their access."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core.powers import OPERATING, Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.orgs import passwords
from bihuan.orgs.actions.granting import granted
from bihuan.orgs.actions.posts import require_fitting
from bihuan.orgs.actions.steps import end_sessions, lock_organisation, note, require_open
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import AlreadyThere
from bihuan.sites.models import Site
from bihuan.visits import operating

TITLE, TITLE_EN = "场所联系人", "Contact for sites"


@transaction.atomic
def invite(
    *, site: Site, username: str, name: str, temporary: str, actor: User, now: datetime
) -> User:
    """Create an account with a post of the operator's unit that gives no other power.

    Invited by the unit in charge or a regulator of the site. The temporary password was generated
    before, and is not stored.
    """
    unit = _operator(site, actor, now)
    username = username.lower()
    if not username or not name:
        raise Missing("username", "name")
    if User.objects.filter(username=username).exists():
        raise AlreadyThere(username)
    until = now + timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)
    member = User(
        username=username, name=name, must_change_password=True, created_at=now,
        password_until_at=until,
    )  # fmt: skip
    validate_password(temporary, member)
    member.password = passwords.hash_temporary(temporary)
    granted(member, actor, now).save()
    note(member, OrgAct.ADD_MEMBER, actor=actor, now=now, after={"name": name})
    post = _free_post(unit, actor, now)
    tenure = Tenure(post=post, member=member, start_date=localdate(now))
    granted(tenure, actor, now).save()
    after = {"member": username, "start_date": tenure.start_date, "end_date": None}
    note(post, OrgAct.APPOINT, actor=actor, now=now, after=after)
    return member


@transaction.atomic
def reset(*, site: Site, member: User, temporary: str, actor: User, now: datetime) -> User:
    """Give a user of the operator a new temporary password, and end the sessions."""
    _tenure(site, member, actor, now)
    member = User.objects.select_for_update().get(pk=member.pk)
    member.password = passwords.hash_temporary(temporary)
    member.must_change_password, member.locked_until = True, None
    member.password_until_at = now + timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)
    granted(member, actor, now).save()
    end_sessions(member)
    note(member, OrgAct.RESET_PASSWORD, actor=actor, now=now)
    return member


@transaction.atomic
def end(*, site: Site, member: User, actor: User, now: datetime) -> None:
    """End the access of a user of the operator: the account is closed at once."""
    tenure = _tenure(site, member, actor, now)
    member = User.objects.select_for_update().get(pk=member.pk)
    member.is_active = False
    member.save(update_fields=["is_active"])
    end_sessions(member)
    note(member, OrgAct.DEACTIVATE, actor=actor, now=now)
    tenure.end_date = localdate(now)
    tenure.save(update_fields=["end_date"])
    before = {"member": member.username, "start_date": tenure.start_date}
    after = {"end_date": tenure.end_date}
    note(tenure.post, OrgAct.END_TENURE, actor=actor, now=now, before=before, after=after)


def _operator(site: Site, actor: User, now: datetime) -> Unit:
    """Return the operator's unit, for an officer who may invite its users."""
    lock_organisation()
    here = Site.objects.select_related("unit", "operator_unit").get(pk=site.pk)
    if here.operator_unit is None or not operating.may_invite(actor, here, now):
        raise NotAllowed
    require_open(here.operator_unit)
    require_fitting(here.operator_unit, OPERATING)
    return here.operator_unit


def _free_post(unit: Unit, actor: User, now: datetime) -> Post:
    """Return a post of the operator that is vacant, or a new one."""
    on = localdate(now)
    for post in Post.objects.in_force(on).filter(unit=unit, end_date=None).order_by("pk"):
        held = Tenure.objects.not_over(on).filter(post=post)
        if frozenset(post.powers) == OPERATING and not held.exists():
            return post
    taken = set(Post.objects.filter(unit=unit).values_list("title", flat=True))
    names = (TITLE if n == 1 else f"{TITLE}{n}" for n in range(1, len(taken) + 2))
    title = next(name for name in names if name not in taken)
    post = Post.objects.create(
        unit=unit, title=title, title_en=TITLE_EN, powers=[Power.OPERATE.value]
    )
    after = {"unit": unit.code, "title": title, "powers": post.powers}
    note(post, OrgAct.ADD_POST, actor=actor, now=now, after=after)
    return post


def _tenure(site: Site, member: User, actor: User, now: datetime) -> Tenure:
    """Return the tenure of a user who acts for the operator of the site, and for no one else."""
    unit = _operator(site, actor, now)
    held = next((t for t in operating.users_of(unit, now) if t.member_id == member.pk), None)
    others = Tenure.objects.not_over(localdate(now)).filter(member=member)
    if held is None or others.exclude(pk=held.pk).exists():
        raise NotAllowed
    return held
