"""Vacant posts, officers with several posts, and what the organisation consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs import access, holdings, queries
from bihuan.orgs.district import District
from bihuan.orgs.models import Post, Tenure, Unit, User

MOST = 1_000


def units_of(user: User, on: date) -> QuerySet[Unit]:
    """Return the open units that the officer administers, in tree order."""
    return queries.administered(user, on).open()


@dataclass(frozen=True)
class Vacancy:
    """A post that no one holds today: since when, who comes next, and its open work."""

    post: Post
    since: date | None
    following: Tenure | None
    work: list[str]


def vacancies(user: User, now: datetime) -> list[Vacancy]:
    """Return the vacant posts of the units that the officer administers, in tree order."""
    on = localdate(now)
    held_now = Tenure.objects.in_force(on).filter(post=OuterRef("pk"))
    vacant = (
        Post.objects.in_force(on)
        .filter(~Exists(held_now), unit__in=units_of(user, on))
        .select_related("unit")
        .order_by("unit__path", "pk")[:MOST]
    )
    posts = list(vacant)
    held = Tenure.objects.filter(post__in=posts)
    ended = dict(held.filter(end_date__lt=on).values_list("post").annotate(last=Max("end_date")))
    later = held.filter(start_date__gt=on).select_related("member").order_by("-start_date")
    following = {tenure.post_id: tenure for tenure in later}
    return [
        Vacancy(post, ended.get(post.pk), following.get(post.pk), holdings.of_post(post, on))
        for post in posts
    ]


@dataclass(frozen=True)
class SeveralPosts:
    """An officer who holds several posts, and why that matters, if it does."""

    member: User
    tenures: list[Tenure]
    checks_own: bool


def several_posts(user: User, on: date) -> list[SeveralPosts]:
    """Return the officers with several posts, of whom one is in a unit that the officer
    administers.

    Who handles cases in a unit and verifies there or above cannot verify that unit's work.
    """
    held: dict[User, list[Tenure]] = {}
    here = Tenure.objects.in_force(on).filter(post__unit__in=units_of(user, on))
    tenures = Tenure.objects.in_force(on).filter(member__in=here.values("member"))
    for tenure in tenures.select_related("member", "post__unit").order_by("member__name", "pk"):
        held.setdefault(tenure.member, []).append(tenure)
    return [
        SeveralPosts(member, found, _checks_own(found))
        for member, found in held.items()
        if len(found) > 1
    ]


def _checks_own(tenures: list[Tenure]) -> bool:
    handling = [t.post.unit for t in tenures if Power.HANDLE in t.post.powers]
    verifying = [t.post.unit for t in tenures if Power.VERIFY in t.post.powers]
    return any(unit.is_within(over) for unit in handling for over in verifying)


def may_administer(user: User, on: date) -> bool:
    return bool(access.units_with(user, Power.ADMINISTER, on))


def new_in(plan: District) -> dict[str, int]:
    """Count the entries of each table that the organisation does not have yet."""
    units = {unit.code for unit in plan.units}
    names = {officer.username for officer in plan.officers}
    posts = Post.objects.values_list("unit__code", "title")
    tenures = Tenure.objects.values_list(
        "member__username", "post__unit__code", "post__title", "start_date"
    )
    held = {(t.officer, t.unit, t.post, t.start_date) for t in plan.tenures}
    return {
        "units": len(units - set(Unit.objects.values_list("code", flat=True))),
        "officers": len(names - set(User.objects.values_list("username", flat=True))),
        "posts": len({(post.unit, post.title) for post in plan.posts} - set(posts)),
        "tenures": len(held - set(tenures)),
    }
