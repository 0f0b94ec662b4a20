"""A town with a school, the posts around it, and duties at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.core.powers import Power
from bihuan.duties.actions import assigning
from bihuan.duties.actions.assigning import Assignment, DutyWords
from bihuan.duties.models import Duty
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site
from tests.factories import NOW, make_officer, make_post, make_site, make_unit

TEXT = "每月到场检查一次。"


@dataclass(frozen=True)
class Town:
    """The units, the site, and who works there; one post is vacant."""

    county: Unit
    town: Unit
    site: Site
    coordinator: User
    grid: User
    stranger: User
    vacant: Post

    @property
    def post(self) -> Post:
        """The post of the grid officer."""
        return Post.objects.get(tenures__member=self.grid)


def make_town() -> Town:
    county = make_unit(name="石桥县")
    town = make_unit(county, name="青溪镇")
    village = make_unit(town, name="清泉村")
    return Town(
        county=county,
        town=town,
        site=make_site(town, name="青溪小学"),
        coordinator=make_officer(town, Power.COORDINATE, name="李调度"),
        grid=make_officer(village, Power.REPORT, name="孙网格", title="网格员"),
        stranger=make_officer(make_unit(county), Power.COORDINATE, name="外单位"),
        vacant=make_post(village, Power.REPORT, title="副网格员"),
    )


def given(post: Post, *, kind: str = "grid_officer", **but: Any) -> Assignment:
    values: dict[str, Any] = {"start_date": NOW.date(), "words": DutyWords(TEXT, "镇政府文件")}
    return Assignment(kind=kind, post=post, **{**values, **but})


def a_duty(
    town: Town,
    *,
    post: Post | None = None,
    kind: str = "grid_officer",
    site: Site | None = None,
    now: datetime = NOW,
    form_key: UUID | None = None,
    actor: User | None = None,
    **but: Any,
) -> Duty:
    return assigning.assign(
        site=site or town.site,
        given=given(post or town.post, kind=kind, **but),
        actor=actor or town.coordinator,
        now=now,
        form_key=form_key,
    )
