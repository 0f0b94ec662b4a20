"""Back on a telephone loses no word of a report, with a script and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from bihuan.cases.models import Case, Evidence
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from bihuan.portal import guard
from tests.browser.conftest import OpenPage
from tests.browser.test_portal import choose_place, go_on, photo
from tests.factories import make_officer, make_unit
from tests.files.hostile import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _offices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is driven is faster than anybody reads."""
    monkeypatch.setattr(guard, "SHORTEST", timedelta(0))
    county = make_unit(name="云溪县人民政府")
    town = make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)
    make_officer(town, Power.HANDLE, Power.COORDINATE, name="王办事", title="信访专员")


def phone(open_page: OpenPage, *, script: bool) -> tuple[BrowserContext, str]:
    first = open_page("/")
    browser = first.context.browser
    assert browser
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 390, "height": 844}, locale="zh-CN"
    )
    return context, first.url


def fill_to_words(page: Page, url: str, *, place: str = "双河桥头") -> None:
    page.goto(url + "report/hazard/")
    page.set_input_files("input[type=file]", photo())
    go_on(page)
    choose_place(page, "双河镇")
    page.locator("#id_place").fill(place)
    go_on(page)
    page.locator("#id_title").fill("桥头路灯坏了")
    page.locator("#id_description").fill("晚上看不见路。\n已经一周了。")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_back_twice_finds_everything_and_it_is_sent(open_page: OpenPage, script: bool) -> None:
    context, url = phone(open_page, script=script)
    page = context.new_page()
    fill_to_words(page, url)
    go_on(page)
    expect(page.locator("main")).to_contain_text("桥头路灯坏了")

    page.go_back()
    expect(page.locator("#id_title")).to_have_value("桥头路灯坏了")
    page.go_back()
    expect(page.locator("#id_place")).to_have_value("双河桥头")
    expect(page.get_by_label("双河镇")).to_be_checked()
    page.reload()
    expect(page.locator("#id_place")).to_have_value("双河桥头")
    page.go_back()
    expect(page.locator(".photos img")).to_have_count(1)
    for _ in range(3):
        go_on(page)
    go_on(page)
    expect(page.locator(".code")).to_be_visible()
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("桥头路灯坏了")
    context.close()

    assert Case.objects.get().owner.name == "双河镇"
    assert Case.objects.get().description == "晚上看不见路。\n已经一周了。"
    assert Evidence.objects.count() == 1


def test_with_a_script_words_that_were_not_sent_on_stay_in_the_tab(open_page: OpenPage) -> None:
    context, url = phone(open_page, script=True)
    page = context.new_page()
    fill_to_words(page, url)
    page.locator("details summary").click()
    page.locator("#id_my_name").fill("植小明")
    page.go_back()
    page.go_back()
    expect(page.locator(".photos img")).to_have_count(1)
    go_on(page)
    go_on(page)

    expect(page.locator("#id_title")).to_have_value("桥头路灯坏了")
    expect(page.locator("#id_description")).to_have_value("晚上看不见路。\n已经一周了。")
    expect(page.locator("#id_my_name")).to_be_visible()
    go_on(page)
    go_on(page)
    expect(page.locator(".code")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []
    assert context.cookies(url + "report/hazard/") == [
        each for each in context.cookies() if each["name"] == "bihuan_keeps"
    ]
    context.close()


def test_two_tabs_do_not_mix(open_page: OpenPage) -> None:
    context, url = phone(open_page, script=True)
    one, other = context.new_page(), context.new_page()
    fill_to_words(one, url, place="东头")
    fill_to_words(other, url, place="西头")
    for page, place in ((one, "东头"), (other, "西头")):
        page.go_back()
        expect(page.locator("#id_place")).to_have_value(place)
        for _ in range(3):
            go_on(page)
        expect(page.locator(".code")).to_be_visible()
    context.close()

    assert set(Case.objects.values_list("place", flat=True)) == {"东头", "西头"}


def choose_folded(page: Page) -> None:
    """The list of places is folded until somebody looks for it."""
    expect(page.get_by_label("双河镇")).not_to_be_visible()
    choose_place(page, "双河镇")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_contract_is_sent_once_whatever_back_and_reload_do(
    open_page: OpenPage, script: bool
) -> None:
    context, url = phone(open_page, script=script)
    page = context.new_page()
    page.goto(url + "report/grievance/")
    contract = FilePayload(name="合同.pdf", mimeType="application/pdf", buffer=pdf())
    page.set_input_files("input[type=file]", [photo(), contract])
    go_on(page)
    expect(page.locator("main")).to_contain_text("已保留文件2个")
    choose_folded(page)
    page.locator("#id_place").fill("工地东门")
    page.go_back()
    expect(page.locator(".photos img")).to_have_count(1)
    expect(page.locator(".photos .paper")).to_have_text("合同.pdf")
    # The browser does not name again what is kept.
    assert page.locator("input[type=file]").evaluate("field => field.files.length") == 0
    page.reload()
    go_on(page)
    if not script:
        choose_folded(page)
        page.locator("#id_place").fill("工地东门")
    go_on(page)
    page.locator("#id_title").fill("拖欠工资三个月")
    go_on(page)
    go_on(page)
    code = page.locator(".code").inner_text()
    page.reload()
    expect(page.locator(".code")).to_have_text(code)
    page.get_by_role("button", name="查询进度").click()
    expect(page.locator(".papers li")).to_have_count(1)
    page.reload()
    expect(page.locator("h1")).to_have_text("拖欠工资三个月")
    page.go_back()
    page.get_by_role("button", name="查询进度").click()
    expect(page.locator("h1")).to_have_text("拖欠工资三个月")
    context.close()

    assert Case.objects.count() == 1
    assert sorted(Evidence.objects.values_list("file__kind", flat=True)) == ["document", "photo"]


def test_names_leave_the_tab_after_two_hours_and_words_do_not(open_page: OpenPage) -> None:
    context, url = phone(open_page, script=True)
    page = context.new_page()
    page.clock.install()
    fill_to_words(page, url)
    page.locator("form details summary").click()
    page.locator("#id_my_name").fill("植小明")
    assert "植小明" in page.evaluate("JSON.stringify(sessionStorage)")

    page.clock.fast_forward("02:00:01")

    assert "植小明" not in page.evaluate("JSON.stringify(sessionStorage)")
    assert "桥头路灯坏了" in page.evaluate("JSON.stringify(sessionStorage)")
    context.close()
