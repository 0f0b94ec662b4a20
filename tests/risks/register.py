"""A town with a school, the officers around it, and risks registered on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Unit, User
from bihuan.risks.actions import controls, registration
from bihuan.risks.actions.controls import CheckResult, Measure
from bihuan.risks.actions.registration import Levels, RiskWords
from bihuan.risks.models import Control, ControlCheck, RiskPoint
from bihuan.sites.models import Site
from tests.factories import NOW, make_officer, make_site, make_unit


@dataclass(frozen=True)
class Town:
    """The units, the site, and who works there."""

    county: Unit
    town: Unit
    site: Site
    coordinator: User
    second: User
    leader: User
    checker: User
    stranger: User

    @property
    def post(self) -> Post:
        """The post that checks controls."""
        return Post.objects.get(tenures__member=self.checker)


def make_town() -> Town:
    county = make_unit(name="石桥县")
    town = make_unit(county, name="青溪镇")
    village = make_unit(town, name="清泉村")
    return Town(
        county=county,
        town=town,
        site=make_site(town, name="青溪小学"),
        coordinator=make_officer(town, Power.COORDINATE, name="李调度"),
        second=make_officer(county, Power.COORDINATE, name="周调度"),
        leader=make_officer(town, Power.APPROVE, name="陈领导"),
        checker=make_officer(village, Power.HANDLE, name="王检查", title="安全员"),
        stranger=make_officer(make_unit(county), Power.COORDINATE, name="外单位"),
    )


def a_risk(
    town: Town,
    *,
    title: str = "锅炉房",
    levels: tuple[int, int] = (4, 4),
    site: Site | None = None,
    now: datetime = NOW,
    form_key: UUID | None = None,
    actor: User | None = None,
) -> RiskPoint:
    """A risk, by default an orange one."""
    return registration.register(
        site=site or town.site,
        words=RiskWords(title, "锅炉超压，可能爆炸伤人。"),
        levels=Levels(*levels),
        actor=actor or town.coordinator,
        now=now,
        form_key=form_key,
    )


def a_control(
    town: Town, risk: RiskPoint, *, every_days: int = 30, now: datetime = NOW, **but: Any
) -> Control:
    """A control that the checker's post checks."""
    values: dict[str, Any] = {"kind": "engineering", "measure": "安全阀每月校验", "post": town.post}
    measure = Measure(**{**values, **but}, every_days=every_days)
    return controls.add_control(risk=risk, measure=measure, actor=town.coordinator, now=now)


def checked(
    control: Control,
    actor: User,
    *,
    now: datetime = NOW,
    is_effective: bool = True,
    note: str = "",
    day: date | None = None,
    **more: Any,
) -> ControlCheck:
    result = CheckResult(is_effective, note, day or now.date())
    return controls.check(control=control, result=result, actor=actor, now=now, **more)
