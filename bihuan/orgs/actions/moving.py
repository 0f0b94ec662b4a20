"""Move a post with its holder and open work, and add a unit with its first post and holder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs.access import Actor
from bihuan.orgs.actions.members import add_member
from bihuan.orgs.actions.posts import add_post, appoint, end_post
from bihuan.orgs.actions.steps import lock_organisation, note, require_over
from bihuan.orgs.actions.units import add_unit
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import PostEnded, SameUnit


@transaction.atomic
def move_post(*, post: Post, unit: Unit, actor: Actor, now: datetime, reason: str = "") -> Post:
    """Continue a post in another unit: with its title, powers, holder and open work.

    The old post ends, and a new one begins: who held which post in which unit on which day decides
    who may verify and who is excluded, so the past is never moved.
    """
    lock_organisation()
    post = Post.objects.select_related("unit").get(pk=post.pk)
    require_over(actor, post.unit, now)
    if post.end_date is not None:
        raise PostEnded
    if post.unit_id == unit.pk:
        raise SameUnit
    on = localdate(now)
    moved = add_post(
        unit=unit,
        title=post.title,
        title_en=post.title_en,
        powers=[Power(power) for power in post.powers],
        actor=actor,
        now=now,
    )
    held = Tenure.objects.in_force(on).filter(post=post).select_related("member").first()
    if held is not None:
        appoint(
            post=moved,
            member=held.member,
            start_date=on,
            end_date=held.end_date,
            actor=actor,
            now=now,
        )
    end_post(post=post, end_date=on, to=moved, is_move=True, actor=actor, now=now, reason=reason)
    places = {"from": post.unit.code}, {"to": unit.code}
    for each in (post, moved):
        note(
            each, OrgAct.MOVE_POST, actor=actor, now=now, reason=reason,
            before=places[0], after=places[1],
        )  # fmt: skip
    return moved


def try_move(*, post: Post, unit: Unit, actor: Actor, now: datetime, reason: str = "") -> None:
    """Raise the refusal that moving the post would raise; nothing is changed."""
    with transaction.atomic():
        move_post(post=post, unit=unit, actor=actor, now=now, reason=reason)
        transaction.set_rollback(True)


@dataclass(frozen=True)
class NewOfficer:
    """A person who has no account yet."""

    name: str
    username: str
    work_phone: str = ""
    # The first password, if it was generated before.
    temporary: str = ""


@dataclass(frozen=True)
class Founded:
    """The new unit, its post and holder, and the first password if an account was created."""

    unit: Unit
    post: Post
    member: User | None = None
    password: str = ""


@transaction.atomic
def add_unit_with_post(
    *,
    parent: Unit,
    code: str,
    name: str,
    kind: Unit.Kind,
    title: str,
    powers: Collection[Power],
    officer: User | NewOfficer | None,
    start_date: date,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    division_code: str = "",
    title_en: str = "",
) -> Founded:
    """Add a unit, its first post, and the appointment; all of them or none."""
    unit = add_unit(
        parent=parent,
        code=code,
        name=name,
        kind=kind,
        name_en=name_en,
        division_code=division_code,
        actor=actor,
        now=now,
    )
    post = add_post(unit=unit, title=title, title_en=title_en, powers=powers, actor=actor, now=now)
    member, password = officer if isinstance(officer, User) else None, ""
    if isinstance(officer, NewOfficer):
        member, password = add_member(**asdict(officer), actor=actor, now=now)
    if member is not None:
        appoint(post=post, member=member, start_date=start_date, actor=actor, now=now)
    return Founded(unit, post, member, password)
