"""An office that keeps a register of data breaches, and what the tests state of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.breaches.actions import registration, statements
from bihuan.breaches.actions.registration import BreachFacts
from bihuan.breaches.models import Breach
from bihuan.clocks.models import Clock
from bihuan.core.breach import Authority, Data, Grade
from bihuan.core.powers import Power
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.factories import NOW, make_officer, make_unit

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Office:
    """A city and a county below it; two administrators in the county, and who else there is."""

    city: Unit
    county: Unit
    keeper: User
    second: User
    auditor: User
    leader: User
    coordinator: User
    above: User
    city_leader: User


def make_office() -> Office:
    city = make_unit(name="望湖市")
    county = make_unit(city, name="石桥县")
    return Office(
        city=city,
        county=county,
        keeper=make_officer(county, Power.ADMINISTER, name="甲管理"),
        second=make_officer(county, Power.ADMINISTER, name="乙管理"),
        auditor=make_officer(county, Power.AUDIT, name="郑审计"),
        leader=make_officer(county, Power.APPROVE, Power.SUPERVISE, name="陈领导"),
        coordinator=make_officer(county, Power.COORDINATE, name="李调度"),
        above=make_officer(city, Power.ADMINISTER, name="市管理"),
        city_leader=make_officer(city, Power.APPROVE, name="市领导"),
    )


def found(at: datetime = NOW, **but: Any) -> BreachFacts:
    values: dict[str, Any] = {
        "found_at": at,
        "how_found": "值班人员发现。",
        "happened": "一部手机在集市丢失，登录未退出。",
        "kinds": (Data.WORDS, Data.PHOTOS),
        "people": 40,
        **but,
    }
    return BreachFacts(**values)


def a_breach(
    office: Office,
    *,
    grade: Grade = Grade.UNKNOWN,
    at: datetime = NOW,
    now: datetime | None = None,
    **but: Any,
) -> Breach:
    return registration.record_breach(
        unit=office.county,
        found=found(at, **but),
        grade=grade,
        actor=office.keeper,
        now=now or at,
    )


def tell(
    breach: Breach,
    by: User,
    now: datetime,
    *,
    authority: Authority = Authority.CYBERSPACE,
    at: datetime | None = None,
) -> Breach:
    return statements.tell(
        breach=breach,
        authority=authority,
        at=at or now,
        means="电话",
        receipt="云网信〔2026〕12号",
        words="已报告基本情况。",
        actor=by,
        now=now,
    )


def whole(office: Office, now: datetime, **options: Any) -> Breach:
    """Contained, reported, graded and decided: ready for the check."""
    breach = a_breach(office, grade=Grade.SERIOUS, at=now, **options)
    by = office.keeper
    statements.contain(breach=breach, remedy="已结束会话。", at=now, actor=by, now=now)
    tell(breach, by, now)
    return statements.spare_persons(breach=breach, reason="手机已远程锁定。", actor=by, now=now)


def clock_of(breach: Breach) -> Clock:
    return breach.clocks.latest("pk")


def told(member: User) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(member=member).order_by("pk")
    return [(row.what, row.subject.partition("/")[0]) for row in rows]
