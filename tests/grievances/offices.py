"""A province with a city, a county and offices in it, and the acts that bring a grievance along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.models import Clock
from bihuan.core.grievance import Decision, ReviewOutcome, Stage
from bihuan.core.powers import Power
from bihuan.grievances.actions import classification, handling, opinions, registration, reviews
from bihuan.grievances.actions.opinions import Parts
from bihuan.grievances.queries import Round
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Account, Intake, IntakeResult
from bihuan.receipts.actions.public import seen
from tests.factories import NOW, make_officer, make_unit

DAY = timedelta(days=1)
ANSWER = Parts(
    request="补发拖欠的工资。",
    facts="经查，拖欠属实，共计三个月。",
    reasons="用人单位应当按时足额支付工资。",
    decision=Decision.SUPPORT,
    basis="《保障农民工工资支付条例》第三条",
)
REVIEWED = Parts(**{**ANSWER.__dict__, "outcome": ReviewOutcome.UPHELD})


@dataclass
class Office:
    """A unit with the people who deal with what comes to it."""

    unit: Unit
    coordinator: User
    handler: User
    head: User

    @property
    def post(self) -> Post:
        """The post that works on it."""
        return Post.objects.get(tenures__member=self.handler)


def make_office(parent: Unit | None, name: str, kind: Unit.Kind) -> Office:
    unit = make_unit(parent, name=name, kind=kind)
    return Office(
        unit=unit,
        coordinator=make_officer(unit, Power.COORDINATE, name=f"{name}接办人"),
        handler=make_officer(unit, Power.HANDLE, name=f"{name}承办人"),
        head=make_officer(unit, Power.APPROVE, name=f"{name}负责人"),
    )


@dataclass
class Realm:
    """Everybody whom a grievance of a town can come to."""

    province: Office
    city: Office
    county: Office
    town: Office
    bureau: Office


def make_realm() -> Realm:
    province = make_office(None, "云山省", Unit.Kind.GOVERNMENT)
    city = make_office(province.unit, "望湖市", Unit.Kind.GOVERNMENT)
    county = make_office(city.unit, "石桥县", Unit.Kind.GOVERNMENT)
    return Realm(
        province=province,
        city=city,
        county=county,
        town=make_office(county.unit, "双河镇", Unit.Kind.TOWN),
        bureau=make_office(county.unit, "县住建局", Unit.Kind.DEPARTMENT),
    )


def take(unit: Unit, *, now: datetime = NOW, way: str = "", **options: Any) -> IntakeResult:
    """What somebody sends in by the portal."""
    account = Account(
        title=options.pop("title", "拖欠三个月工资"),
        unit=unit,
        description="工地停工后一直没有结清。",
        place="双河镇新区工地",
        **options,
    )
    return registration.receive(
        Intake(account=account, form_key=str(uuid4()), now=now, is_accusation=bool(way))
    )


def bring(
    office: Office,
    stage: Stage = Stage.RECEIVED,
    *,
    now: datetime = NOW,
    way: str = "request",
    simple: bool = False,
    case: Case | None = None,
) -> Case:
    """A grievance of this office, brought to the stage by its people."""
    return _brought(case or take(office.unit, now=now).case, office, stage, now, way, simple)


def _brought(
    case: Case, office: Office, stage: Stage, now: datetime, way: str, simple: bool
) -> Case:
    steps: dict[Stage, Callable[[], Case]] = {
        Stage.RECEIVED: lambda: classification.classify(
            case=case, actor=office.coordinator, now=now, way=way, simple=simple
        ),
        Stage.ACCEPTED: lambda: classification.accept(case=case, actor=office.coordinator, now=now),
        Stage.HANDLING: lambda: handling.assign(
            case=case, actor=office.coordinator, now=now, post=office.post
        ),
        Stage.DRAFTED: lambda: opinions.draft(
            case=case, parts=ANSWER, actor=office.handler, now=now
        ),
        Stage.REPLIED: lambda: opinions.issue(case=case, actor=office.head, now=now),
        Stage.CLOSED: lambda: reviews.close(case=case, actor=office.coordinator, now=now),
    }
    for reached, step in steps.items():
        case = step()
        if reached is stage:
            break
    return case


def read(case: Case, now: datetime = NOW) -> None:
    """The person opens the page with the letters."""
    seen(case=case, slot=REPORTER, now=now)


def review(case: Case, office: Office, *, now: datetime, round: Round = Round.REVIEW) -> Case:
    """Asked for, drafted and issued by this office."""
    case = reviews.ask_review(case=case, note="事实认定不清。", now=now)
    assert case.owner == office.unit
    case = opinions.draft(case=case, parts=REVIEWED, actor=office.handler, now=now, round=round)
    return opinions.issue(case=case, actor=office.head, now=now, round=round)


def running(case: Case) -> dict[str, Clock]:
    """The clocks that run on the case, by their rules."""
    return {clock.rule_id: clock for clock in case.clocks.filter(stopped_at=None)}
