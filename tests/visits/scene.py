"""A town with a village, its grid, a coordinator, and sites bound to the post of the grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bihuan.core.powers import Power
from bihuan.core.visiting import Outcome
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site
from bihuan.visits.models import Binding, Group, Visit
from tests.factories import NOW, TODAY, make_officer, make_site, make_unit


@dataclass(frozen=True)
class Scene:
    """The units and officers of one town."""

    town: Unit
    village: Unit
    grid: Unit
    coordinator: User
    officer: User

    @property
    def post(self) -> Post:
        """The post that visits."""
        return Post.objects.get(tenures__member=self.officer)

    def site(self, **facts: object) -> Site:
        return make_site(self.village, **facts)  # type: ignore[arg-type]


def make_scene() -> Scene:
    town = make_unit(make_unit(), kind=Unit.Kind.TOWN)
    village = make_unit(town, kind=Unit.Kind.VILLAGE)
    grid = make_unit(village, kind=Unit.Kind.GRID)
    return Scene(
        town,
        village,
        grid,
        make_officer(town, Power.COORDINATE, name="李统筹"),
        make_officer(grid, Power.REPORT, name="王网格", title="网格员"),
    )


def colleague(scene: Scene) -> User:
    """Another officer of the grid, with a post of the same powers."""
    return make_officer(scene.grid, Power.REPORT)


def make_binding(
    site: Site,
    post: Post,
    *,
    every_days: int = 30,
    group: Group | None = None,
    due_date: date | None = None,
) -> Binding:
    """The site is bound to the post since ten days ago; the next visit is to come."""
    start = TODAY - timedelta(days=10)
    return Binding.objects.create(
        site=site,
        post=post,
        group=group,
        every_days=every_days,
        start_date=start,
        began_at=NOW - timedelta(days=10),
        due_date=due_date or start + timedelta(days=every_days),
    )


def make_visit(
    binding: Binding, *, day: date = TODAY, outcome: Outcome = Outcome.IN_ORDER, note: str = ""
) -> Visit:
    """A visit from the bound post."""
    visit = Visit.objects.create(
        site=binding.site,
        binding=binding,
        post=binding.post,
        visited_date=day,
        outcome=outcome,
        note=note,
        made_at=NOW,
    )
    with transaction.atomic():
        record(visit.subject, "record-visit", by=None, at=NOW)
    return visit
