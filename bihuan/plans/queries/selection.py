"""Which sites a plan or a draw is about, and which posts may inspect each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core.inspection import INSPECTORS
from bihuan.core.risk import RANKS, Colour
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit
from bihuan.plans.models import Plan
from bihuan.risks.models import RiskPoint
from bihuan.sites.models import Site, SiteQuerySet, SiteRegulator


@dataclass(frozen=True)
class Selection:
    """What an officer chose: kinds and colours are all where none is named."""

    unit: Unit
    areas: tuple[Unit, ...] = ()
    site_kinds: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    trade: str = ""

    @classmethod
    def of(cls, plan: Plan) -> Selection:
        areas = tuple(each.unit for each in plan.areas.select_related("unit"))
        return cls(plan.unit, areas, tuple(plan.site_kinds), tuple(plan.colours), plan.trade)

    def sites(self) -> SiteQuerySet:
        """Return the open sites that are meant: of the area, or of the trade that the unit
        regulates.
        """
        found = Site.objects.open()
        within = _within(self.areas or (() if self.trade else (self.unit,)), "unit")
        if self.trade:
            regulated = SiteRegulator.objects.filter(
                site=OuterRef("pk"), trade=self.trade, unit__path__startswith=self.unit.path
            )
            found = found.filter(Exists(regulated))
        found = found.filter(within)
        if self.site_kinds:
            found = found.filter(kind__in=self.site_kinds)
        if self.colours:
            found = found.filter(_worst(self.colours))
        return found


def _within(tops: Iterable[Unit], name: str) -> Q:
    reach = Q()
    for unit in tops:
        reach |= Q(**{f"{name}__path__startswith": unit.path})
    return reach


def _worst(colours: Collection[str]) -> Q:
    """The worst risk in force has one of these colours."""
    found = Q(pk__in=())
    here = RiskPoint.objects.filter(site=OuterRef("pk"), stage="in_force")
    for colour in map(Colour, colours):
        worse = [each.value for each in Colour if RANKS[each] > RANKS[colour]]
        of_colour = Q(Exists(here.filter(colour=colour)))
        found |= of_colour & ~Q(Exists(here.filter(colour__in=worse))) if worse else of_colour
    return found


@dataclass(frozen=True)
class Place:
    """A site as far as the choice of posts needs it."""

    pk: int
    path: str
    operator_path: str = ""


@dataclass(frozen=True)
class Inspectors:
    """The posts of a plan: all of a joint one, else for each site the nearest that covers it."""

    posts: Sequence[Post]
    is_joint: bool = False
    _by_path: dict[str, tuple[Post, ...]] = field(default_factory=dict, compare=False)

    def of(self, place: Place) -> tuple[Post, ...]:
        """Return the posts for a site; the operator's own never inspect it."""
        apart = tuple(post for post in self.posts if not runs(post, place.operator_path))
        if self.is_joint or not apart:
            return apart
        near = self._nearest(place.path, apart) if apart == tuple(self.posts) else apart
        covering = [post for post in near if place.path.startswith(post.unit.path)]
        deepest = max((len(post.unit.path) for post in covering), default=0)
        able = [post for post in covering if len(post.unit.path) == deepest] or list(apart)
        return (able[place.pk % len(able)],)

    def _nearest(self, path: str, posts: tuple[Post, ...]) -> tuple[Post, ...]:
        """Sites of one unit have the same posts; they are looked for once."""
        if path not in self._by_path:
            covering = tuple(post for post in posts if path.startswith(post.unit.path))
            self._by_path[path] = covering or posts
        return self._by_path[path]


def runs(post: Post, operator_path: str) -> bool:
    """Whether the post belongs to the unit that operates a site."""
    return bool(operator_path) and post.unit.path.startswith(operator_path)


def is_near(post: Post, operator_path: str) -> bool:
    """Whether the post belongs to the operator, or to the unit directly above it (双随机回避)."""
    if not operator_path:
        return False
    above = operator_path.rstrip("/").rpartition("/")[0]
    return runs(post, operator_path) or (bool(above) and post.unit.path == f"{above}/")


def places(found: SiteQuerySet) -> list[Place]:
    """Return the sites with the paths of their unit and operator, in the order of their keys."""
    rows = found.order_by("pk").values_list("pk", "unit__path", "operator_unit__path")
    return [Place(pk, path, operator or "") for pk, path, operator in rows.iterator(5_000)]


def inspecting_posts(units: QuerySet[Unit], on: date) -> list[Post]:
    """Return the posts of these units that may inspect, in the order of the tree."""
    posts = Post.objects.in_force(on).filter(unit__in=units)
    found = posts.select_related("unit").order_by("unit__path", "pk")
    return [post for post in found if access.powers_of(post) & INSPECTORS]
