"""Four people take a hazard round the loop in a real browser, and every page can be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from bihuan.cases.actions import comments, extensions
from bihuan.cases.models import Case, SavedView
from bihuan.core.hazard import Grade, Stage
from bihuan.hazards.actions import rectification
from bihuan.notices.actions import tell
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_photo, make_unit
from tests.hazards.majors import listed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACES = (
    "教学楼二层东侧",
    "食堂后厨燃气间",
    "双河林场三号瞭望塔",
    "镇卫生院住院部一层",
    "第二小学宿舍北门",
)
PROBLEMS = (
    "疏散指示灯损坏",
    "燃气报警器未接联动切断阀",
    "瞭望塔爬梯护栏锈蚀断裂",
    "安全出口被病床和杂物堵塞",
    "宿舍外窗防护栏焊死，无法逃生",
)


@pytest.fixture
def cast() -> Cast:
    county = make_unit(name="云溪县")
    return make_cast(make_unit(county, name="双河镇"))


@pytest.fixture
def district(cast: Cast) -> Cast:
    """A ledger with something in every stage, and something that waits for everybody."""
    now = PRESENT
    for number, stage in enumerate(list(Stage) * 2):
        grade = Grade.MAJOR if number % 4 == 1 else Grade.GENERAL
        case = make_case(
            cast.post.unit, stage=stage, cast=cast, now=now, grade=grade,
            title=PROBLEMS[number % 5], place=PLACES[number % 5],
        )  # fmt: skip
        due = case.due_at and case.due_at + timedelta(days=number - 12)
        Case.objects.filter(pk=case.pk).update(due_at=due)
    SavedView.objects.create(member=cast.coordinator, name="双河镇重大", query="grade=major")
    return cast


@pytest.fixture
def rich(cast: Cast) -> Case:
    """A case with everything on its page."""
    now = PRESENT
    case = make_case(
        cast.post.unit, stage=Stage.RECTIFYING, cast=cast, now=now, grade=Grade.MAJOR,
        title=PROBLEMS[1], place=PLACES[1],
    )  # fmt: skip
    listed(case, cast.leader, now, note="县级挂牌督办，限期整改。")
    rectification.add_control(
        case=case, actor=cast.handler, now=now, what="关闭燃气总阀，改用电灶", post=cast.post,
        expiry_date=timezone.localdate(now) + timedelta(days=5),
    )  # fmt: skip
    comments.record_step(
        case=case, actor=cast.handler, now=now, note="切断阀已到货。", photos=[make_photo()]
    )
    later = timezone.localdate(now) + timedelta(days=45)
    extensions.ask_extension(
        case=case, actor=cast.handler, now=now, until_date=later, note="联动调试需厂家到场。"
    )
    tell(
        [cast.coordinator, cast.leader], subject=case.subject, what="warning", cause="x", now=now,
        detail={"rule": "HAZ-5", "due_at": now.isoformat(), "title": case.title},
    )  # fmt: skip
    return case


def test_four_people_take_a_hazard_from_the_report_to_its_closure(
    open_page: OpenPage, cast: Cast
) -> None:
    page = open_page("/desk/hazards/report/", user=cast.reporter, width="phone")
    page.set_input_files("#id_photos", _photo())
    page.fill("#id_place", "食堂后门")
    page.fill("#id_title", "安全出口被杂物堵住")
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("安全出口被杂物堵住")
    url = page.url.removeprefix(page.url.split("/desk")[0])

    coordinator = open_page(url, user=cast.coordinator)
    _act(coordinator, "确认")
    _act(coordinator, "交办", _plan(cast))

    handler = open_page(url, user=cast.handler, width="phone")
    _act(handler, "开始整改")
    _act(handler, "提交验收", lambda page: _submit(page))

    verifier = open_page(url, user=cast.verifier)
    _act(verifier, "验收", lambda page: page.fill("#id_note", "现场查看，出口畅通。"))

    coordinator.reload()
    _act(coordinator, "销号")
    expect(coordinator.locator(".marks .stage")).to_have_text("已销号")
    assert Case.objects.get().stage == Stage.CLOSED


def _act(page: Page, label: str, fill: Callable[[Page], object] | None = None) -> None:
    """Press the button, fill the panel that opens, send it."""
    page.locator(".case-acts").get_by_role("link", name=label, exact=True).click()
    panel = page.locator("#panel .card")
    expect(panel).to_be_visible()
    if fill:
        fill(page)
    panel.locator("button[type=submit]").click()
    expect(page.locator(".message-success")).to_be_visible()


def _plan(cast: Cast) -> Callable[[Page], None]:
    def fill(page: Page) -> None:
        page.select_option("#id_post", str(cast.post.pk))
        page.fill("#id_measures", "清空通道，划线标识。")
        page.fill("#id_budget", "500")
        page.fill("#id_deadline_date", (PRESENT + timedelta(days=9)).date().isoformat())
        page.fill("#id_contingency", "专人值守。")

    return fill


def _photo() -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": make_photo().read()}


def _submit(page: Page) -> None:
    page.set_input_files("#id_photos", _photo())
    page.fill("#id_note", "通道已清空。")


@LOOKS
def test_the_pages_of_a_district_are_accessible(
    open_page: OpenPage, district: Cast, width: str, language: str
) -> None:
    number, submitted = (
        Case.objects.filter(stage=stage).values_list("number", flat=True)[0]
        for stage in (Stage.CONFIRMED, Stage.SUBMITTED)
    )
    paths = {
        "today": ("/desk/", district.coordinator),
        "today-handler": ("/desk/", district.handler),
        "ledger": ("/desk/cases/?state=all", district.coordinator),
        "filters": ("/desk/cases/filters/", district.coordinator),
        "views": ("/desk/cases/views/", district.coordinator),
        "report": ("/desk/hazards/report/", district.reporter),
        "assign": (f"/desk/cases/{number}/assign/", district.coordinator),
        "many": (f"/desk/cases/many/assign/?case={number}", district.coordinator),
        "verify": (f"/desk/cases/{submitted}/verify/", district.verifier),
    }

    for name, (path, user) in paths.items():
        page = open_page(path, width=width, language=language, user=user)
        screenshot(page, f"{name}-{width}-{language}")
        assert_accessible(page)
        page.context.close()


@LOOKS
def test_the_page_of_a_case_is_accessible(
    open_page: OpenPage, cast: Cast, rich: Case, width: str, language: str
) -> None:
    page = open_page(rich.get_absolute_url(), width=width, language=language, user=cast.leader)
    screenshot(page, f"case-{width}-{language}")
    assert_accessible(page)

    page.locator(".clock summary").first.click()
    page.locator(".clock a").first.click()
    expect(page.locator(".day-list").first).to_be_visible()
    page.locator(".case-acts .button-primary").click()
    expect(page.locator("#panel form")).to_be_visible()
    screenshot(page, f"case-open-{width}-{language}")
    assert_accessible(page)

    page.goto(rich.get_absolute_url() + "sheet/")
    screenshot(page, f"sheet-{width}-{language}")
    assert_accessible(page)


def test_the_ledger_is_walked_by_keys(open_page: OpenPage, district: Cast) -> None:
    page = open_page("/desk/cases/", user=district.coordinator)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_be_visible()
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    second = page.locator("tr[data-row]").nth(1).get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator(".marks .number")).to_have_text(str(second))

    page.locator("a.back").click()
    expect(page).to_have_url(re.compile(f"#{second}$"))
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_an_empty_ledger_and_a_day_without_work_teach(open_page: OpenPage, cast: Cast) -> None:
    for name, path in (("ledger-empty", "/desk/cases/"), ("today-empty", "/desk/")):
        page = open_page(path, user=cast.coordinator)
        screenshot(page, f"{name}-desk-zh-hans")
        assert_accessible(page)


def test_on_a_phone_the_tab_that_is_shown_is_in_sight(open_page: OpenPage, district: Cast) -> None:
    SavedView.objects.create(member=district.coordinator, name="一般隐患", query="grade=general")

    page = open_page("/desk/cases/?grade=general", width="phone", user=district.coordinator)

    expect(page.locator(".tabs a[aria-current]")).to_be_in_viewport(ratio=1)
