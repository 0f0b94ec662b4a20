"""A county with a town: sites, posts that inspect, and officers who plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from bihuan.checklists.models import Version
from bihuan.core.powers import Power
from bihuan.core.recurrence import Every, Recurrence
from bihuan.orgs.models import Post, Unit, User
from bihuan.plans.actions import making, plans
from bihuan.plans.actions.draws import DrawOpening, Extent, Inspecting
from bihuan.plans.actions.plans import Outline
from bihuan.plans.models import Draw, Kind, Plan, Planned, Round
from bihuan.plans.queries.selection import Selection
from bihuan.sites.models import Site
from tests.factories import (
    NOW,
    TODAY,
    make_checklist,
    make_officer,
    make_site,
    make_unit,
)


@dataclass
class District:
    """The county plans; a post of the town inspects."""

    county: Unit = field(default_factory=make_unit)
    town: Unit = field(init=False)
    planner: User = field(init=False)
    inspector: User = field(init=False)
    version: Version = field(init=False)

    def __post_init__(self) -> None:
        self.town = make_unit(self.county)
        self.planner = make_officer(self.county, Power.COORDINATE, name="苏统筹")
        self.inspector = make_officer(self.town, Power.VERIFY, Power.REPORT, name="林检查")
        self.version = make_checklist(self.county)

    @property
    def post(self) -> Post:
        return post_of(self.inspector)

    def sites(self, count: int, **facts: Any) -> list[Site]:
        return [make_site(self.town, **facts) for _ in range(count)]

    def outline(self, **given: Any) -> Outline:
        recurs = {
            "every": Every.MONTH, "start_date": TODAY, "days": 10, "end_date": None,
            "working_days_only": False,
        }  # fmt: skip
        recurs |= {name: given.pop(name) for name in list(given) if name in recurs}
        selects = {
            name: given.pop(name) for name in ("areas", "site_kinds", "trade") if name in given
        }
        values = {
            "title": "每月检查", "kind": Kind.ORDINARY, "checklist": self.version.checklist,
            "posts": (self.post,),
        }  # fmt: skip
        return Outline(
            **{**values, **given},
            selection=Selection(self.county, **selects),
            recurrence=Recurrence(**recurs),  # type: ignore[arg-type]
        )

    def plan(self, *, now: datetime = NOW, **given: Any) -> Plan:
        outline = self.outline(**{"start_date": localdate(now), **given})
        return plans.keep(outline=outline, actor=self.planner, now=now)

    def draw(self, *, purpose: str = Draw.Purpose.INSPECT, seed: str = "2026123") -> Draw:
        from bihuan.plans.actions import draws

        opening = DrawOpening(
            self.county, "九月抽查", purpose, Draw.Origin.PUBLIC, seed, "福彩3D第2026123期"
        )
        return draws.open_draw(opening=opening, actor=self.planner, now=NOW)

    def extent(self, **given: Any) -> Extent:
        values: dict[str, Any] = {
            "number": 2, "percent": None, "is_weighted": False, "posts": (self.post,),
            "start_date": TODAY, "complete_date": TODAY + timedelta(days=10), "posts_each": 1,
        }  # fmt: skip
        return Extent(**{**values, **given})

    def inspecting(self, **selects: Any) -> Inspecting:
        selection = Selection(self.county, **selects)
        return Inspecting(selection, self.version.checklist, Kind.ORDINARY)


def post_of(user: User) -> Post:
    return Post.objects.select_related("unit").get(tenures__member=user)


def made(plan: Plan, now: datetime = NOW) -> Round:
    """The round that the worker makes now."""
    making.keep_up(now=now)
    return Round.objects.filter(plan=plan).latest("start_date")


def states(round_: Round) -> list[str]:
    return list(Planned.objects.filter(round=round_).order_by("pk").values_list("state", flat=True))


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)
