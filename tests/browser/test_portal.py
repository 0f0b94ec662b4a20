"""Somebody reports, tracks and acts with a real browser: readable, small, and with or without
a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from bihuan.cases.models import Case, Evidence
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.portal import guard
from bihuan.receipts.actions import public
from tests.browser.conftest import ALL_LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_photo, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BIGGEST = 100_000


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is driven is faster than anybody reads."""
    monkeypatch.setattr(guard, "SHORTEST", timedelta(0))


@pytest.fixture
def clerk() -> User:
    """A county with two towns, and whoever takes things up there."""
    county = make_unit(name="云溪县人民政府")
    make_officer(county, Power.COORDINATE, Power.APPROVE, name="陈领导", title="县长")
    make_unit(county, name="清水镇", kind=Unit.Kind.TOWN)
    town = make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)
    return make_officer(town, Power.HANDLE, Power.COORDINATE, name="王办事", title="信访专员")


def go_on(page: Page) -> None:
    page.locator("main .button-primary").last.click()


def choose_place(page: Page, name: str) -> None:
    """Choose it from the list, which is folded until somebody looks for a place."""
    if not page.get_by_label(name).first.is_visible():
        page.locator("fieldset details summary").first.click()
    page.get_by_label(name).first.check()


def photo() -> FilePayload:
    file = make_photo("bridge.jpg")
    return FilePayload(name="bridge.jpg", mimeType="image/jpeg", buffer=file.read())


def see(page: Page, name: str) -> None:
    """The page can be read by anybody, and is kept as a picture."""
    screenshot(page, f"portal-{name}")
    assert_accessible(page)


@ALL_LOOKS
def test_a_danger_is_reported_and_tracked(
    open_page: OpenPage, clerk: User, width: str, language: str
) -> None:
    look = f"{width}-{language}"
    page = open_page("/report/", width=width, language=language)
    see(page, f"choose-{look}")
    page.locator(".choices a").first.click()
    page.set_input_files("input[type=file]", photo())
    see(page, f"photo-{look}")
    go_on(page)
    page.locator("#find").fill("双河")
    page.locator("#find").press("Enter")
    choose_place(page, "双河镇")
    page.locator("#id_place").fill("双河桥头")
    see(page, f"place-{look}")
    go_on(page)
    page.locator("#id_title").fill("桥头路灯坏了")
    page.locator("#id_description").fill("晚上看不见路。\n已经一周了。")
    page.locator("details summary").click()
    page.locator("#id_my_name").fill("植小明")
    see(page, f"words-{look}")
    go_on(page)
    expect(page.locator("[data-work]")).to_have_value(re.compile(r"\d+"), timeout=40_000)
    see(page, f"check-{look}")
    go_on(page)
    see(page, f"receipt-{look}")
    code = page.locator(".code").inner_text()

    page.get_by_role("button", name=re.compile("查询进度|Track your report")).click()
    expect(page.locator("h1")).to_have_text("桥头路灯坏了")
    assert code.replace(" ", "") not in page.url
    page.goto(page.url.split("/track/")[0] + "/track/")
    see(page, f"track-{look}")
    page.locator("#id_code").fill(code)
    go_on(page)
    expect(page.locator("h1")).to_have_text("桥头路灯坏了")
    see(page, f"case-{look}")

    assert Evidence.objects.count() == 1
    assert Case.objects.get().title == "桥头路灯坏了"


@ALL_LOOKS
def test_whoever_is_complained_of_is_chosen_by_post(
    open_page: OpenPage, clerk: User, width: str, language: str
) -> None:
    look = f"{width}-{language}"
    page = open_page("/report/accusation/", width=width, language=language)
    go_on(page)
    choose_place(page, "双河镇")
    page.locator("button.button-small[value=find]").click()
    page.get_by_label("信访专员").check()
    see(page, f"about-{look}")
    go_on(page)
    go_on(page)
    expect(page.locator(".error-summary")).to_be_visible()
    see(page, f"wrong-{look}")
    page.locator("#id_title").fill("窗口收费不开票")
    go_on(page)
    see(page, f"goes-to-{look}")


@ALL_LOOKS
def test_what_the_holder_of_a_code_does(
    open_page: OpenPage, clerk: User, width: str, language: str
) -> None:
    look = f"{width}-{language}"
    page = open_page("/report/grievance/", width=width, language=language)
    go_on(page)
    choose_place(page, "双河镇")
    page.locator("#id_place").fill("双河桥头")
    go_on(page)
    page.locator("#id_title").fill("拖欠工资三个月")
    go_on(page)
    go_on(page)
    code = page.locator(".code").inner_text()
    case = Case.objects.get()
    public.ask_reporter(case=case, actor=clerk, now=PRESENT, note="是哪家单位？")

    page.goto("/track/")
    page.locator("#id_code").fill(code.replace(" ", "-"))
    go_on(page)
    see(page, f"asked-{look}")
    page.get_by_role("link", name=re.compile("^(回答|Answer this question)$")).click()
    see(page, f"answer-{look}")
    page.locator("#id_text").fill("双河砖厂")
    go_on(page)
    expect(page.locator("[role=status]").first).to_be_visible()
    expect(page.get_by_text("双河砖厂")).to_be_visible()
    for name in ("retaliation", "withdraw", "kept"):
        page.goto(f"/track/case/{name}/")
        see(page, f"{name}-{look}")
    page.goto("/privacy/")
    see(page, f"privacy-{look}")


def test_everything_works_without_a_script(open_page: OpenPage, clerk: User) -> None:
    browser = open_page("/").context.browser
    assert browser
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(open_page("/").url + "report/hazard/")
    page.set_input_files("input[type=file]", photo())
    go_on(page)
    page.locator("#id_place").fill("双河桥头")
    page.locator("fieldset details summary").first.click()
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#id_place")).to_have_value("双河桥头")
    go_on(page)
    page.locator("#id_title").fill("桥头路灯坏了")
    page.locator("#id_title").press("Enter")
    expect(page.locator("main")).to_contain_text("桥头路灯坏了")
    page.reload()
    go_on(page)
    code = page.locator(".code").inner_text()
    page.reload()
    expect(page.locator(".code")).to_have_text(code)
    context.close()

    assert Case.objects.count() == 1
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/", "/report/", "/report/hazard/", "/report/accusation/", "/track/"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_is_light_and_fits_a_small_phone(
    open_page: OpenPage, clerk: User, path: str, language: str
) -> None:
    page = open_page(path, width="phone", language=language)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    page.wait_for_load_state("networkidle")

    assert sum(sizes) < BIGGEST
    assert_accessible(page)
    screenshot(page, f"portal-360{path.replace('/', '-')}{language}")
