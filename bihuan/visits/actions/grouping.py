"""Form groups of posts that visit sites together, change and dissolve them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.core.refusal import Missing
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.visits import queries
from bihuan.visits.acts import GroupAct
from bihuan.visits.models import Group
from bihuan.visits.refusals import NameTaken, NotAVisitingPost, StillBound


@transaction.atomic
def form(*, unit: Unit, name: str, posts: Sequence[Post], actor: User, now: datetime) -> Group:
    """Form a group of posts of a unit, or of units below it."""
    access.require(actor, queries.BINDER, unit=unit, now=now)
    _require(unit, name, posts)
    group = _saved(Group(unit=unit, name=name))
    group.posts.set(posts)
    record(group.subject, GroupAct.FORM, by=actor, at=now, after=_values(name, posts))
    return group


@transaction.atomic
def change(*, group: Group, name: str, posts: Sequence[Post], actor: User, now: datetime) -> Group:
    """Change the name of a group, or its posts."""
    group = _locked(group, actor, now)
    _require(group.unit, name, posts)
    before = _values(group.name, list(group.posts.order_by("pk")))
    after = _values(name, posts)
    if before == after:
        return group
    group.name = name
    _saved(group)
    group.posts.set(posts)
    record(group.subject, GroupAct.CHANGE, by=actor, at=now, before=before, after=after)
    return group


@transaction.atomic
def dissolve(*, group: Group, actor: User, now: datetime) -> Group:
    """Dissolve a group to which no site is bound."""
    group = _locked(group, actor, now)
    if group.ended_at is not None:
        return group
    if queries.in_force().filter(group=group).exists():
        raise StillBound
    group.ended_at = now
    group.save(update_fields=["ended_at"])
    record(group.subject, GroupAct.DISSOLVE, by=actor, at=now)
    return group


def _locked(group: Group, actor: User, now: datetime) -> Group:
    rows = Group.objects.select_related("unit").select_for_update(of=("self",))
    found = rows.get(pk=group.pk)
    access.require(actor, queries.BINDER, unit=found.unit, now=now)
    return found


def _require(unit: Unit, name: str, posts: Sequence[Post]) -> None:
    if not name.strip() or not posts:
        raise Missing("name", "posts")
    for post in posts:
        is_visiting = queries.VISITORS & set(post.powers) and post.end_date is None
        if not (is_visiting and post.unit.is_within(unit)):
            raise NotAVisitingPost


def _saved(group: Group) -> Group:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as clash:
        raise NameTaken from clash
    return group


def _values(name: str, posts: Sequence[Post]) -> dict[str, object]:
    return {"name": name, "posts": sorted(post.pk for post in posts)}
