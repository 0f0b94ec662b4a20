"""A small district and the acts that bring a hazard to each of its stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.hazards.actions.reporting import Finding, Plan
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Account
from tests.factories import NOW, make_officer, make_unit

DAY = timedelta(days=1)
DEADLINE = date(2026, 9, 30)


@dataclass
class District:
    """A county, a town and a village in it, and whoever works there."""

    county: Unit
    town: Unit
    village: Unit
    grid: User
    coordinator: User
    handler: User
    handler_post: Post
    verifier: User
    leader: User
    town_leader: User

    def reporter(self) -> User:
        """Somebody of the county who may report for each of its units."""
        return make_officer(self.county, Power.REPORT)


def make_district() -> District:
    county = make_unit(name="云岭县")
    town = make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    village = make_unit(town, name="石桥村", kind=Unit.Kind.VILLAGE)
    handler = make_officer(town, Power.HANDLE, title="安全员")
    return District(
        county=county,
        town=town,
        village=village,
        grid=make_officer(village, Power.REPORT),
        coordinator=make_officer(county, Power.COORDINATE),
        handler=handler,
        handler_post=Post.objects.get(tenures__member=handler),
        verifier=make_officer(county, Power.VERIFY),
        leader=make_officer(county, Power.APPROVE, Power.SUPERVISE),
        town_leader=make_officer(town, Power.APPROVE),
    )


def account_of(unit: Unit) -> Account:
    """What somebody of the public tells this unit."""
    return Account(title="配电箱外露", unit=unit, place="小学门口")


def photo(colour: int = 90) -> SimpleUploadedFile:
    """A small picture with something to see, different for each colour."""
    picture = Image.new("RGB", (64, 48), (colour, 120, 30))
    picture.paste((255, 255, 255), (colour % 40, 5, colour % 40 + 12, 30))
    data = BytesIO()
    picture.save(data, "JPEG")
    return SimpleUploadedFile("after.jpg", data.getvalue(), "image/jpeg")


def report(d: District, **changes: object) -> Case:
    found = Finding(
        **{
            "title": "三楼疏散通道堆放杂物",
            "place": "石桥村文化活动中心",
            "unit": d.village,
            "found_date": date(2026, 9, 14),
            **changes,
        }  # type: ignore[arg-type]
    )
    return reporting.report(finding=found, actor=d.grid, now=NOW)


def plan(d: District, **changes: object) -> Plan:
    return Plan(
        **{
            "unit": d.town,
            "post": d.handler_post,
            "measures": "清理通道，设置禁止堆放标识",
            "budget": Decimal("1200.00"),
            "deadline_date": DEADLINE,
            "contingency": "清理前安排专人值守，封闭三楼",
            **changes,
        }  # type: ignore[arg-type]
    )


def assigned(d: District, **changes: object) -> Case:
    case = reporting.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    return reporting.assign(case=case, plan=plan(d, **changes), actor=d.coordinator, now=NOW)


def submitted(d: District) -> Case:
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    return rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )


def closed(d: District) -> Case:
    case = verification.verify(case=submitted(d), actor=d.verifier, now=NOW, note="现场查看属实")
    return verification.close(case=case, actor=d.leader, now=NOW)


def running(case: Case) -> list[str]:
    return sorted(case.clocks.filter(stopped_at=None).values_list("rule_id", flat=True))
