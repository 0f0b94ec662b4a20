"""Which sites are bound to which post, who sees that, and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.core import visiting
from bihuan.core.once import PerObject
from bihuan.core.powers import Power
from bihuan.core.visiting import Load
from bihuan.orgs import access
from bihuan.orgs.choices import Holding, holders
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import in_reach
from bihuan.sites.models import Site, SiteRegulator
from bihuan.sites.queries import regulators_of
from bihuan.visits.models import Binding, Group, Visit
from bihuan.web.subjects import unseen

# Who binds sites to posts, and which posts visit sites.
BINDER = Power.COORDINATE
VISITORS = frozenset({Power.REPORT, Power.HANDLE})
# Who reads bindings and visits of the sites they see. Operators of sites are not among them.
READERS = frozenset(Power) - {Power.OPERATE}

Bindings = QuerySet[Binding, Binding]
Sites = QuerySet[Site, Site]


# ------------------------------------------------------------------------ bindings
def in_force() -> Bindings:
    """Return the bindings of open sites that have not ended."""
    return Binding.objects.filter(ended_at=None, site__closed_at=None)


def own_posts(user: User, now: datetime) -> list[int]:
    """Return the posts from which the officer visits sites, also as a stand-in."""
    seats = access.seats(user, localdate(now))
    return [seat.post.pk for seat in seats if seat.powers & VISITORS]


def mine(user: User, now: datetime) -> Bindings:
    """Return what is bound to the officer's posts, or to a group with one of them."""
    return in_force().filter(_of_posts(own_posts(user, now)))


def _of_posts(posts: Collection[int]) -> Q:
    return Q(post__in=posts) | Q(group__in=Group.objects.filter(posts__in=posts))


def sites_of(user: User, now: datetime) -> QuerySet[Binding, int] | None:
    """Return the sites that the officer sees because they are bound to the officer's posts."""
    if not own_posts(user, now):
        return None
    return mine(user, now).values_list("site", flat=True)


def visiting_post(user: User, binding: Binding, now: datetime) -> Post | None:
    """Return the officer's post that visits this site: the bound one, or one of its group."""
    held = {seat.post.pk: seat.post for seat in access.seats(user, localdate(now))}
    own = {pk: held[pk] for pk in own_posts(user, now)}
    if binding.post_id in own:
        return own[binding.post_id]
    if binding.group_id is None or not own:
        return None
    together = Group.posts.through.objects.filter(group=binding.group_id, post__in=own)
    found = together.order_by("post").values_list("post", flat=True).first()
    return own.get(found or 0)


def of_site(site: Site) -> Binding | None:
    """Return the binding of the site that is in force."""
    found = Binding.objects.filter(site=site, ended_at=None)
    return found.select_related("post__unit", "group").first()


# The same for a page that shows it in several places.
bound_at = PerObject("binding", of_site)


def may_bind(user: User, site: Site, now: datetime) -> bool:
    """Whether the officer binds this site: a coordinator of its unit or above."""
    return site.closed_at is None and access.has(user, BINDER, unit=site.unit, now=now)


def binds_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, [BINDER], localdate(now)))


def reads_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, READERS, localdate(now)))


def coordinated(user: User, now: datetime) -> Sites:
    """Return the open sites in units that the officer coordinates."""
    return Site.objects.open().filter(in_reach(user, [BINDER], now))


def _bound() -> Exists:
    return Exists(Binding.objects.filter(site=OuterRef("pk"), ended_at=None))


def unbound(user: User, now: datetime) -> Sites:
    """Return the open sites that the officer coordinates and that are bound to no post."""
    return coordinated(user, now).filter(~_bound()).select_related("unit")


def bound(user: User, now: datetime) -> Bindings:
    """Return the bindings of all sites that the officer coordinates."""
    tops = access.tops(user, [BINDER], localdate(now))
    here = Q(site__unit__in=Unit.objects.within(*tops))
    return in_force().filter(here).select_related("site__unit", "post__unit", "group")


# -------------------------------------------------------------------------- visits
def read(user: User, now: datetime) -> Sites:
    """Return the sites of which the officer reads bindings and visits: of the area, of the trade,
    and those that the officer visits.

    Those who see a site because their enterprise operates it do not.
    """
    reach = in_reach(user, READERS, now)
    seen = reach | Q(Exists(SiteRegulator.objects.filter(reach, site=OuterRef("pk"))))
    own = sites_of(user, now)
    return Site.objects.filter(seen if own is None else seen | Q(pk__in=own))


def reads(user: User, site: Site, now: datetime) -> bool:
    """Whether this site is one of those: of the page of a site, whose regulators are loaded."""
    units = [site.unit, *(row.unit for row in regulators_of(site))]
    seats = access.own_seats(user, localdate(now))
    if any(seat.powers & READERS and seat.reaches(unit) for seat in seats for unit in units):
        return True
    binding = bound_at(site) if site.closed_at is None else None
    return binding is not None and visiting_post(user, binding, now) is not None


def visible_to(user: User, now: datetime) -> QuerySet[Visit, Visit]:
    """Return the visits to the sites of which the officer reads them."""
    return Visit.objects.filter(site__in=read(user, now))


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return which of these visits the officer may not see."""
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def may_attach(user: User, key: str, now: datetime) -> bool:
    """Whether the officer may add photos: from the post that visited, unless it was withdrawn."""
    posts = own_posts(user, now)
    return visible_to(user, now).filter(pk=key, post__in=posts, withdrawn_at=None).exists()


def of_post(visit: Visit, user: User, now: datetime) -> bool:
    """Whether the officer holds the post that visited, and so may withdraw the visit."""
    return visit.post_id in own_posts(user, now)


def visits_to(site: Site) -> QuerySet[Visit, Visit]:
    """Return the visits to a site, also those that were withdrawn."""
    return Visit.objects.filter(site=site).select_related("post__unit")


def latest(site: Site, size: int) -> list[Visit]:
    """Return the latest visits to a site."""
    return list(visits_to(site).order_by("-visited_date", "-pk")[:size])


# ---------------------------------------------------------------------------- load
def loads(posts: Iterable[int]) -> Mapping[int, Load]:
    """Return the load of each of these posts, in one query."""
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    counted = in_force().filter(post__in=list(posts)).values_list("post", "every_days")
    for post, days, n in counted.annotate(n=Count("pk")).order_by("post"):
        pairs[post].append((days, n))
    return {post: visiting.load(found) for post, found in pairs.items()}


def visiting_posts(user: User, now: datetime) -> list[Holding]:
    """Return the posts to which the officer may bind sites, in tree order, with their holders."""
    on = localdate(now)
    tops = access.tops(user, [BINDER], on)
    posts = Post.objects.in_force(on).filter(
        unit__in=Unit.objects.within(*tops).open(), end_date=None
    )
    held = holders(posts.values("pk"), on)
    rows = posts.select_related("unit").order_by("unit__path", "pk")
    return [Holding(post, held.get(post.pk, "")) for post in rows if VISITORS & set(post.powers)]


def groups(user: User, now: datetime) -> QuerySet[Group, Group]:
    """Return the groups of units that the officer coordinates."""
    return Group.objects.filter(in_reach(user, [BINDER], now), ended_at=None).select_related("unit")


# ------------------------------------------------------------------------ coverage
@dataclass
class Coverage:
    """How many sites of a unit are bound, and how many of those were visited in time."""

    unit: Unit
    has_below: bool = False
    sites: int = 0
    bound: int = 0
    in_time: int = 0

    @property
    def unbound(self) -> int:
        return self.sites - self.bound

    @property
    def overdue(self) -> int:
        return self.bound - self.in_time


def coverage(user: User, top: Unit, on: date, now: datetime) -> list[Coverage]:
    """Return the unit itself and the units directly below it, in tree order.

    Numbers of sites, by unit: there is none for a post or an officer.
    """
    below = list(Unit.objects.filter(Q(parent=top) | Q(pk=top.pk)).order_by("path"))
    rows = {unit.pk: Coverage(unit, has_below=unit.pk != top.pk) for unit in below}
    counts = coordinated(user, now).filter(unit__path__startswith=top.path).values("unit__path")
    on_time = Q(bindings__ended_at=None, bindings__due_date__gte=on)
    found = counts.annotate(
        n=Count("pk", distinct=True),
        held=Count("pk", filter=Q(bindings__isnull=False, bindings__ended_at=None), distinct=True),
        in_time=Count("pk", filter=Q(bindings__isnull=False) & on_time, distinct=True),
    )
    for each in found.order_by():
        row = rows.get(_under(each["unit__path"], top), rows[top.pk])
        row.sites += each["n"]
        row.bound += each["held"]
        row.in_time += each["in_time"]
    return [row for row in rows.values() if row.sites or row.unit.pk == top.pk]


def _under(path: str, top: Unit) -> int:
    """Return the unit directly below the top that has this path below it, or the top itself."""
    rest = path.removeprefix(top.path)
    return int(rest.split("/")[0]) if rest else top.pk
