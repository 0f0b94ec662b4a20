"""Queries for the pages of the organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.orgs import access, stand_ins
from bihuan.orgs.models import (
    Post,
    SignIn,
    StandInOffer,
    Tenure,
    TenureQuerySet,
    Unit,
    UnitQuerySet,
    User,
)

TREE_LEVELS = 2
TREE_ROWS = 600
FOUND = 50
HEIRS = 300


@dataclass(frozen=True)
class Branch:
    """A unit of the tree with the units below it, as deep as the page shows."""

    unit: Unit
    branches: list[Branch] = field(default_factory=list)


def tree(on: date) -> list[Branch]:
    """Return the top of the tree, limited in depth and in number of units."""
    units = Unit.objects.in_force(on).filter(depth__lte=TREE_LEVELS).order_by("depth", "pk")
    return _grown(units[:TREE_ROWS])


def search_units(words: str, on: date) -> QuerySet[Unit]:
    """Return the units whose name or code contains these words, highest first."""
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words)
    units = Unit.objects.in_force(on).filter(named).select_related("parent")
    return units.order_by("depth", "pk")[:FOUND]


def search_holders(words: str, on: date, within: Sequence[Unit] = ()) -> QuerySet[Tenure]:
    """Return officers by name, with the posts that they hold; of these units only, if given."""
    tenures = Tenure.objects.in_force(on).filter(member__name__icontains=words)
    if within:
        tenures = tenures.filter(post__unit__in=Unit.objects.within(*within))
    return tenures.select_related("member", "post__unit").order_by("member__name", "pk")[:FOUND]


def children(unit: Unit, on: date, *, after: int = 0, size: int = FOUND) -> tuple[list[Unit], int]:
    """One page of the units directly below, and the start of the next page (0 for the last)."""
    below = Unit.objects.in_force(on).filter(parent=unit, pk__gt=after).order_by("pk")
    page = list(below[: size + 1])
    return page[:size], page[size - 1].pk if len(page) > size else 0


def posts_of(user: User, now: datetime) -> list[int]:
    """Return the posts from which the officer works today, as holder or as stand-in."""
    return [seat.post.pk for seat in access.seats(user, localdate(now))]


def units_in_reach(user: User, powers: Iterable[Power], now: datetime) -> list[Unit]:
    """Return the open units that the officer reaches with one of these powers, in tree order."""
    tops = access.tops(user, powers, localdate(now))
    return list(Unit.objects.within(*tops).open().order_by("path"))


def units_acted_in(user: User, powers: Iterable[Power], now: datetime) -> list[Unit]:
    """Return the same with the units of posts whose holders the officer stands in for."""
    tops = access.acting_tops(user, powers, localdate(now))
    return list(Unit.objects.within(*tops).open().order_by("path"))


def in_reach(user: User, powers: Iterable[Power], now: datetime) -> Q:
    """Return the condition for rows of any part whose `unit` the officer reaches."""
    reach = Q(pk__in=())
    for unit in access.tops(user, powers, localdate(now)):
        reach |= Q(unit__path__startswith=unit.path)
    return reach


def heirs(unit: Unit, user: User, on: date) -> list[Unit]:
    """Return the units that may take over a unit's work: its parent and its siblings."""
    related = Q(pk=unit.parent_id) | Q(parent=unit.parent_id)
    found = administered(user, on).open().filter(related).exclude(pk=unit.pk)
    return list(found.select_related("parent")[:HEIRS])


def other_posts(post: Post, on: date) -> list[Post]:
    """Return the handling posts that may take over a post's work: in its unit and those above."""
    paths = [post.unit.path, *post.unit.paths_above()]
    posts = Post.objects.in_force(on).filter(unit__path__in=paths, end_date=None)
    found = posts.exclude(pk=post.pk).select_related("unit").order_by("-unit__depth", "pk")
    return [each for each in found if Power.HANDLE in each.powers]


def answering(unit: Unit, on: date) -> list[Tenure]:
    """Return the coordinators responsible for the unit on that day: its own, else the nearest
    above.
    """
    able = [each for each in _over(unit, on) if Power.COORDINATE in each.post.powers]
    nearest = max((each.post.unit.depth for each in able), default=0)
    return [each for each in able if each.post.unit.depth == nearest]


LEADING = frozenset({Power.SUPERVISE, Power.APPROVE})


def watching(unit: Unit, on: date) -> list[User]:
    """Return who is notified of access to the unit's seals: its leaders, or the nearest above that
    has any, and all who administer it.
    """
    administering = [each for each in _over(unit, on) if Power.ADMINISTER in each.post.powers]
    return [*leading(unit, on), *(each.member for each in administering)]


def leading(unit: Unit, on: date) -> list[User]:
    """Return the leaders of the unit, or of the nearest above that has any."""
    leaders = [each for each in _over(unit, on) if LEADING & set(each.post.powers)]
    nearest = max((each.post.unit.depth for each in leaders), default=0)
    return [each.member for each in leaders if each.post.unit.depth == nearest]


def holders(paths: Collection[str], powers: Iterable[Power], now: datetime) -> list[User]:
    """Return officers with one of these powers in exactly these units."""
    tenures = Tenure.objects.in_force(localdate(now)).in_units(paths)
    wanted = set(powers)
    rows = tenures.select_related("post", "member").order_by("member__pk")
    return list({t.member: None for t in rows if wanted & set(t.post.powers)})


def confirmers(member: User, unit: Unit, now: datetime) -> tuple[str, ...]:
    """Return who may confirm the officer's access to the seals of the unit, except the granter."""
    held = _over(unit, localdate(now))
    own = [t for t in held if t.member_id == member.pk and t.post.unit_id == unit.pk]
    rows = [each for t in own for each in (t, t.post, t.member)]
    makers = {row.granted_by_id for row in rows if grants.waits(row.grant.settles_at, now)}
    able = [
        t.member
        for t in held
        if Power.ADMINISTER in t.post.powers and t.member_id not in {*makers, member.pk}
        if not any(grants.waits(r.grant.settles_at, now) for r in (t, t.post, t.member))
    ]
    return tuple(dict.fromkeys(each.name for each in able))


def waiting(user: User, now: datetime) -> list[Post | Tenure | User]:
    """Return pending grants in units that this officer administers, earliest first; only those that
    reach seals or create an administrator.
    """
    on, since = localdate(now), now - grants.WAITS
    tops = access.units_with(user, Power.ADMINISTER, on)
    if not tops:
        return []
    here = Unit.objects.within(*tops)
    fresh = Q(granted_at__gt=since, confirmed_at=None)
    tenures = Tenure.objects.not_over(on).filter(post__unit__in=here)
    tenures = tenures.select_related("member", "post__unit", "granted_by", "post__granted_by")
    posts = Post.objects.in_force(on).filter(fresh, unit__in=here)
    found: list[Post | Tenure | User] = [
        *(t for t in tenures.filter(fresh) if _reaches(t.post)),
        *(post for post in posts.select_related("unit", "granted_by") if _reaches(post)),
    ]
    given = User.objects.filter(fresh, is_active=True).select_related("granted_by")
    known = {t.member_id for t in tenures.filter(member__in=given) if _reaches(t.post)}
    found += [member for member in given if member.pk in known]
    return sorted(found, key=lambda row: (row.granted_at or now, row.pk))


def _reaches(post: Post) -> bool:
    return bool(grants.REACHING & set(post.powers))


def _over(unit: Unit, on: date) -> list[Tenure]:
    """Return every held post in the unit and above it."""
    paths = [unit.path, *unit.paths_above()]
    held = Tenure.objects.in_force(on).in_units(paths)
    return list(held.select_related("member", "post__unit").order_by("pk"))


def going_on(unit: Unit) -> Unit:
    """Return the open unit that continues the work of this one: itself, its successor, or one
    above.
    """
    seen: set[int] = set()
    while unit.end_date is not None and unit.successor is not None and unit.pk not in seen:
        seen.add(unit.pk)
        unit = unit.successor
    if unit.end_date is None:
        return unit
    return Unit.objects.above(unit).open().first() or unit


def beginnings() -> dict[int, date]:
    """Return the day on which each unit began to work here, where it is known.

    A unit that took over a closed one has worked here since the closed unit did.
    """
    units = list(Unit.objects.values_list("pk", "start_date"))
    began = {pk: start for pk, start in units if start is not None}
    for closed, heir in taken_over().items():
        start = began.get(closed)
        if start is not None:
            began[heir] = min(start, began.get(heir, start))
    return began


def taken_over(top: Unit | None = None) -> dict[int, int]:
    """Map each closed unit to the last of its successors; with a top, only units at or below it."""
    closed = Unit.objects.exclude(end_date=None).values_list("pk", "successor")
    nexts = {unit: heir for unit, heir in closed if heir is not None}
    found = {}
    for unit in nexts:
        last, seen = unit, set[int]()
        while last in nexts and last not in seen:
            seen.add(last)
            last = nexts[last]
        found[unit] = last
    if top is None:
        return found
    below = set(Unit.objects.within(top).values_list("pk", flat=True))
    return {unit: heir for unit, heir in found.items() if heir in below}


def posts(unit: Unit, on: date) -> QuerySet[Post]:
    """Return the posts of the unit, each with `present`: its holder and the next one, each with
    `lent`: who represents them now or later; and `offered`: who is asked to.
    """
    lent = Prefetch("stand_ins", queryset=stand_ins.now_and_later(on), to_attr="lent")
    waiting = StandInOffer.objects.waiting(on)
    offered = Prefetch("stand_in_offers", queryset=waiting, to_attr="offered")
    tenures = Tenure.objects.not_over(on).select_related("member").order_by("start_date")
    tenures = tenures.prefetch_related(lent, offered)
    held = Prefetch("tenures", queryset=tenures, to_attr="present")
    return Post.objects.in_force(on).filter(unit=unit).prefetch_related(held).order_by("pk")


def administered(user: User, on: date) -> UnitQuerySet:
    """Return the open units that this officer administers."""
    tops = access.units_with(user, Power.ADMINISTER, on)
    return Unit.objects.within(*tops).in_force(on).order_by("path")


def members_under(user: User, on: date) -> QuerySet[User]:
    """Return officers with a post in a unit that this officer administers, and those without any
    post.
    """
    tops = access.units_with(user, Power.ADMINISTER, on)
    if not tops:
        return User.objects.none()
    tenures = Tenure.objects.not_over(on)
    here = tenures.filter(post__unit__in=Unit.objects.within(*tops))
    known = Q(pk__in=here.values("member")) | ~Q(pk__in=tenures.values("member"))
    return User.objects.filter(known)


def appointable(user: User, on: date) -> QuerySet[User]:
    """Return the officers with an open account who hold, and will hold, no post in a unit that
    this officer does not administer; and this officer.
    """
    here = Unit.objects.within(*access.units_with(user, Power.ADMINISTER, on))
    elsewhere = Tenure.objects.not_over(on).exclude(post__unit__in=here)
    free = ~Q(pk__in=elsewhere.values("member")) | Q(pk=user.pk)
    return User.objects.filter(free, is_active=True)


def named(members: QuerySet[User], words: str, *, after: str = "") -> QuerySet[User]:
    """Return members by user name, starting at one, whose name, user name or telephone contains
    these words.
    """
    if words:
        held = Q(name__icontains=words) | Q(username__icontains=words)
        members = members.filter(held | Q(work_phone__contains=words))
    return members.filter(username__gt=after).order_by("username")


def held_by(member: User) -> TenureQuerySet:
    """Return every post that the officer holds, held or will hold, latest first."""
    return (
        Tenure.with_stand_ins.filter(member=member, holder_tenure=None)
        .select_related("post__unit")
        .order_by("-start_date", "pk")
    )


def live_sessions(user: User, now: datetime) -> QuerySet[SignIn]:
    """Return the officer's sessions that have not expired by age or by idle time."""
    since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    live = SignIn.objects.filter(user=user, expire_date__gt=now, seen_at__gte=since)
    return live.order_by("-seen_at")


def _grown(units: Iterable[Unit]) -> list[Branch]:
    tops: list[Branch] = []
    grown: dict[int, Branch] = {}
    for unit in units:
        branch = grown[unit.pk] = Branch(unit)
        above = grown.get(unit.parent_id or 0)
        (above.branches if above else tops).append(branch)
    return tops
