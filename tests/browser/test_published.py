"""What the portal publishes can be read by everybody: phone, desk, both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.portal.models import Outlet
from tests.browser.conftest import ALL_LOOKS, LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_post, make_unit
from tests.portal.published import make_figure, make_publication, make_reception

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOWNS = (("双河镇", "Shuanghe"), ("青岩镇", "Qingyan"), ("白水镇", "Baishui"), ("石门镇", ""))
DANGERS = (
    ("宿舍外窗防护栏焊死，无法逃生", "第二小学宿舍北门", (32.11, 110.71)),
    ("燃气报警器未接联动切断阀", "食堂后厨燃气间", (32.14, 110.66)),
    ("瞭望塔爬梯护栏锈蚀断裂", "双河林场三号瞭望塔", (32.18, 110.74)),
    ("安全出口被杂物堵塞", "镇卫生院住院部一层", None),
)


@pytest.fixture
def county() -> Unit:
    """Something on every page."""
    top = make_unit(name="云溪县人民政府")
    Outlet.objects.create(
        unit=top, name="县信访接待大厅", name_en="County reception hall", place="人民路18号",
        number="0719-7221234", hours="工作日 8:30–12:00，14:30–17:30", note="有无障碍通道。",
    )  # fmt: skip
    today = timezone.localdate(PRESENT)
    post = make_post(top, Power.APPROVE, title="县长")
    make_reception(top, on=today + timedelta(days=2), post=post)
    make_reception(top, on=today + timedelta(days=9), post=post, cancelled_at=PRESENT)
    _figures(top, today.year)
    for title, place, point in DANGERS:
        make_publication(
            top, kind="hazard", title=title, text="已核实，正在整改。", place=place, point=point,
            answer="已列入整改计划。" if point else "", published_at=PRESENT,
        )  # fmt: skip
    make_publication(top, answer="已在学校门口增设一站，三月起停靠。", published_at=PRESENT)
    return top


def _figures(top: Unit, year: int) -> None:
    counts: list[tuple[Unit | None, str, int]] = [(None, "about_office", 7)]
    for kind in ("suggestion", "hazard"):
        counts.append((top, kind, 96))
    for (name, english), answered in zip(TOWNS, (48, 31, 14, 3), strict=True):
        unit = make_unit(top, name=name, kind=Unit.Kind.TOWN)
        Unit.objects.filter(pk=unit.pk).update(name_en=english)
        counts.append((unit, "grievance", answered))
    for owner, kind, answered in counts:
        make_figure(
            owner, kind, date(year, 1, 1), received=answered, settled=answered,
            in_time=answered * 9 // 10, answered=answered, rated=answered // 2,
            solved=answered // 3, days_9=answered,
        )  # fmt: skip


@pytest.fixture
def officer(county: Unit) -> User:
    return make_officer(county, Power.COORDINATE, Power.APPROVE, title="信访局局长")


@ALL_LOOKS
def test_the_published_pages_are_accessible(
    open_page: OpenPage, county: Unit, width: str, language: str
) -> None:
    day = county.receptions.earliest("date")
    paths = {
        "where": "/where/",
        "receptions": "/reception/",
        "slot": f"/reception/{day.pk}/0930/",
        "my-slot": "/reception/mine/",
        "open": "/open/",
        "figures": "/open/figures/",
        "near": "/near/",
    }
    for name, path in paths.items():
        page = open_page(path, width=width, language=language)
        screenshot(page, f"published-{name}-{width}-{language}")
        assert_accessible(page)
        if width == "phone":
            page.set_viewport_size({"width": 360, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


@LOOKS
def test_the_pages_of_the_office_are_accessible(
    open_page: OpenPage, county: Unit, officer: User, width: str, language: str
) -> None:
    day = county.receptions.earliest("date")
    paths = {
        "outlets": "/desk/outlets/",
        "add-outlet": "/desk/outlets/add/",
        "planned": "/desk/receptions/",
        "plan": "/desk/receptions/plan/",
        "cancel": f"/desk/receptions/{day.pk}/cancel/",
        "sheet": f"/desk/receptions/{day.pk}/sheet/",
        "satisfaction": "/desk/satisfaction/",
    }
    for name, path in paths.items():
        page = open_page(path, width=width, language=language, user=officer)
        screenshot(page, f"published-desk-{name}-{width}-{language}")
        assert_accessible(page)


def test_a_time_is_booked_and_given_back_on_a_phone(open_page: OpenPage, county: Unit) -> None:
    page = open_page("/reception/", width="phone")
    page.get_by_role("link", name="09:30").click()
    page.get_by_role("button", name="预约该时段").click()
    expect(page.locator("h1")).to_have_text("预约成功")
    code = page.locator(".code").inner_text()
    screenshot(page, "published-slip-phone")
    assert_accessible(page)

    page.get_by_role("link", name="大字号").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Your slot is booked")
    page.reload()
    expect(page.locator("html.large .code")).to_have_text(code)
    page.get_by_role("button", name="简体中文").click()
    page.get_by_role("link", name="标准字号").click()
    page.get_by_role("button", name="查看我的预约").click()
    assert code not in page.url
    expect(page.locator(".good")).to_contain_text("如期举行")
    screenshot(page, "published-mine-phone")
    assert_accessible(page)
    page.get_by_role("button", name="退回时段").click()
    expect(page.locator("h1")).to_have_text("时段已退回")
    assert_accessible(page)


def test_me_too_is_pressed_once_on_a_phone(open_page: OpenPage, county: Unit) -> None:
    page = open_page("/near/", width="phone")
    page.get_by_role("button", name="我也遇到").first.click()

    expect(page.locator(".me-too").first).to_contain_text("1人也遇到")
    assert_accessible(page)
    assert {cookie.get("name") for cookie in page.context.cookies()} <= {"bihuan_language"}
