"""Every form of the public is sent, gone back to, loaded again and sent again: no white page,
nothing lost, nothing done twice; with a script and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db.models import Model
from PIL import Image
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.grievance import Stage
from bihuan.portal import guard
from bihuan.portal.models import Booking
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions import public
from bihuan.receipts.models import Amendment, Message, Publication, Rating, Seal
from tests.browser.conftest import SCREENSHOTS, OpenPage, assert_accessible, screenshot
from tests.browser.test_portal import choose_place
from tests.clock import PRESENT
from tests.grievances.offices import Realm, bring, make_realm, take
from tests.portal.published import make_publication, make_reception

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ME = Identity(name="植小明", phone="13800000000")
SAID = "下雨天更严重，请尽快。"


@dataclass(frozen=True)
class Given:
    """What there is to be acted on."""

    realm: Realm
    code: str
    case: Case


@dataclass(frozen=True)
class Form:
    """One form: how it is reached and filled in, and what it makes."""

    path: Callable[[Given], str]
    fill: Callable[[Page], None]
    made: Callable[[], int]
    needs_code: bool = True
    stage: Stage = Stage.REPLIED


def words(page: Page, field: str = "text") -> None:
    page.locator(f"#id_{field}").fill(SAID)


def rows(model: type[Model], **having: object) -> Callable[[], int]:
    return lambda: model._default_manager.filter(**having).count()


def rate(page: Page) -> None:
    page.locator("input[name=solved][value=no]").check()
    words(page)


def nothing(page: Page) -> None:
    """There is nothing to fill in."""


def question(given: Given) -> str:
    asked = Message.objects.get(case=given.case, kind="question")
    return f"/track/case/answer/{asked.pk}/"


def near(given: Given) -> str:
    make_publication(given.realm.town.unit, kind="hazard")
    return "/near/"


FORMS: dict[str, Form] = {
    "add": Form(lambda _: "/track/case/add/", words, rows(Message, kind="addition")),
    "answer": Form(question, words, rows(Message, kind="answer"), stage=Stage.HANDLING),
    "rate": Form(lambda _: "/track/case/rate/", rate, rows(Rating)),
    "review": Form(
        lambda _: "/track/case/review/",
        lambda page: words(page, "note"),
        rows(Case, stage="reviewing"),
    ),
    "retaliation": Form(
        lambda _: "/track/case/retaliation/", words, rows(Case, is_confidential=True)
    ),
    "withdraw": Form(
        lambda _: "/track/case/withdraw/",
        lambda page: words(page, "note"),
        rows(Case, stage="withdrawn"),
        stage=Stage.HANDLING,
    ),
    "erase": Form(lambda _: "/track/case/erase/", nothing, rows(Seal, erased_at__isnull=False)),
    "correct": Form(lambda _: "/track/case/correct-description/", words, rows(Amendment)),
    "wrong code": Form(
        lambda _: "/track/",
        lambda page: page.locator("#id_code").fill("1111 2222 3333 4444"),
        lambda: 1,
        needs_code=False,
    ),
    "book": Form(
        lambda given: f"/reception/{make_reception(given.realm.town.unit).pk}/0900/",
        nothing,
        rows(Booking),
        needs_code=False,
    ),
    "me too": Form(
        lambda given: near(given),
        nothing,
        lambda: Publication.objects.get().me_too,
        needs_code=False,
    ),
    "wrong booking": Form(
        lambda _: "/reception/mine/",
        lambda page: page.locator("#id_code").fill("1111 2222 3333 4444"),
        lambda: 1,
        needs_code=False,
    ),
}


# ------------------------------------------------------------------ the journeys
@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is driven is faster than anybody reads."""
    monkeypatch.setattr(guard, "SHORTEST", timedelta(0))


def prepared(stage: Stage) -> Given:
    realm, then = make_realm(), PRESENT - timedelta(hours=1)
    taken = take(realm.town.unit, now=then, identity=ME)
    case = bring(realm.town, stage, case=taken.case, now=then)
    if stage is Stage.HANDLING:
        public.ask_reporter(case=case, actor=realm.town.handler, now=then, note="哪一天？")
    return Given(realm, taken.code, case)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def tab(request: pytest.FixtureRequest, open_page: OpenPage) -> Iterator[Page]:
    first = open_page("/")
    browser = first.context.browser
    assert browser
    context = browser.new_context(
        base_url=first.url, java_script_enabled=request.param, locale="zh-CN",
        viewport={"width": 390, "height": 844},
    )  # fmt: skip
    yield context.new_page()
    context.close()


def whole(page: Page) -> None:
    """It is a page of ours, and not the browser's own about a form that it would send again."""
    assert not page.url.startswith("chrome-error:"), page.url
    expect(page.locator("main h1")).to_be_visible()


def press(page: Page) -> None:
    page.locator(BUTTON).last.click()
    whole(page)


def said(page: Page) -> list[str]:
    """What the answer says, whether or not its script has run."""
    return page.locator("main h1, main .code, main .words, main [role=alert]").all_inner_texts()


BUTTON = "main form .button-primary, main form .button-danger, main .me-too button"
# Nobody knows who pressed it: pressed again on purpose, it counts again.
COUNTED_AGAIN = "me too"


@pytest.mark.parametrize("name", FORMS)
def test_sent_gone_back_to_loaded_and_sent_again(tab: Page, name: str) -> None:
    form = FORMS[name]
    given = prepared(form.stage)
    if form.needs_code:
        tab.goto("/track/")
        tab.locator("#id_code").fill(given.code)
        press(tab)
    path = form.path(given)
    tab.goto(path)
    whole(tab)
    form.fill(tab)

    press(tab)
    answer = said(tab)
    assert form.made() == 1

    tab.reload()
    whole(tab)
    assert said(tab) == answer
    tab.go_back()
    whole(tab)
    tab.go_forward()
    whole(tab)
    assert said(tab) == answer
    tab.go_back()
    whole(tab)
    if tab.locator(BUTTON).count() and name != COUNTED_AGAIN:
        press(tab)
        tab.reload()
        whole(tab)
    assert form.made() == 1
    assert Case.objects.count() <= 3


# --------------------------------------------------------------------- reports
REPORTS = {
    "hazard": ("photo", "place", "words"),
    "grievance": ("photo", "place", "words"),
    "accusation": ("photo", "place", "words"),
    "suggestion": ("words", "place", "photo"),
    "dispute": ("photo", "place", "words"),
}


def fill_step(page: Page, step: str) -> None:
    if step == "place":
        choose_place(page, "双河镇")
        if page.locator("#id_place").count():
            page.locator("#id_place").fill("桥头")
    if step == "words":
        page.locator("#id_title").fill("桥头路灯坏了")
        page.locator("#id_description").fill(SAID)


@pytest.mark.parametrize("matter", REPORTS)
def test_a_report_is_gone_back_to_on_every_step_and_sent_once(tab: Page, matter: str) -> None:
    make_realm()
    tab.goto(f"/report/{matter}/")
    for step in REPORTS[matter]:
        fill_step(tab, step)
        press(tab)
        tab.reload()
        whole(tab)
        tab.go_back()
        whole(tab)
        if step == "words":
            expect(tab.locator("#id_description")).to_have_value(SAID)
        tab.go_forward()
        whole(tab)
    press(tab)
    code = tab.locator(".code").inner_text()

    tab.reload()
    assert tab.locator(".code").inner_text() == code
    for way in (tab.go_back, tab.go_back, tab.go_forward, tab.go_forward):
        way()
        whole(tab)
    assert tab.locator(".code").inner_text() == code
    assert Case.objects.count() == 1


# ---------------------------------------------------------- kept in the browser
def with_script(open_page: OpenPage) -> Page:
    make_realm()
    return open_page("/report/hazard/", width="phone")


def at_words(page: Page) -> None:
    for step in ("photo", "place"):
        fill_step(page, step)
        press(page)


def kept(page: Page, store: str) -> str:
    return str(page.evaluate(f"JSON.stringify(Object.entries({store}))"))


def test_a_new_form_in_the_tab_has_what_was_typed_before(open_page: OpenPage) -> None:
    page = with_script(open_page)
    at_words(page)
    fill_step(page, "words")

    page.goto("/report/")
    expect(page.locator("[data-unsent=hazard]")).to_be_visible()
    page.locator(".choices a").first.click()
    expect(page.locator("[data-restored]")).to_contain_text("照片请重新选择")
    screenshot(page, "unsent-restored-phone")
    assert_accessible(page)
    press(page)
    expect(page.get_by_label("双河镇")).to_be_checked()
    expect(page.locator("#id_place")).to_have_value("桥头")
    press(page)
    expect(page.locator("#id_description")).to_have_value(SAID)


def test_on_the_device_only_if_ticked_and_without_names(open_page: OpenPage) -> None:
    page = with_script(open_page)
    at_words(page)
    fill_step(page, "words")
    page.locator("details summary").click()
    page.locator("#id_my_name").fill("植小明")
    assert kept(page, "localStorage") == "[]"

    page.get_by_label("在此设备上保留").check()
    expect(page.locator("[data-until]")).to_be_visible()
    screenshot(page, "unsent-device-phone")
    assert_accessible(page)
    stored = kept(page, "localStorage")
    assert SAID in stored
    assert "植小明" not in stored

    # Another tab, as after the battery was empty.
    other = page.context.new_page()
    other.goto("/report/hazard/")
    expect(other.locator("[data-restored]")).to_be_visible()
    press(other)
    press(other)
    expect(other.locator("#id_description")).to_have_value(SAID)
    expect(other.locator("#id_my_name")).to_have_value("")
    other.locator("[data-until] button").click()
    assert kept(other, "localStorage") == "[]"


def test_nothing_of_a_complaint_about_an_office_stays_on_the_device(open_page: OpenPage) -> None:
    make_realm()
    page = open_page("/report/accusation/", width="phone")
    at_words(page)
    fill_step(page, "words")

    expect(page.locator("[data-device]")).to_have_count(0)
    assert kept(page, "localStorage") == "[]"
    assert SAID in kept(page, "sessionStorage")


def test_an_accusation_leaves_the_tab_after_two_hours_on_any_page(open_page: OpenPage) -> None:
    make_realm()
    page = open_page("/report/accusation/", width="phone")
    at_words(page)
    fill_step(page, "words")
    other = page.context.new_page()
    other.goto("/report/")
    stored = page.evaluate("({ ...sessionStorage })")
    other.evaluate("(stored) => Object.assign(sessionStorage, stored)", stored)
    other.reload()
    assert SAID in kept(other, "sessionStorage")
    expect(other.locator("[data-unsent=accusation]")).to_be_hidden()

    # Both tabs slept for three hours; one is looked at again, the other is loaded again.
    for tab in (page, other):
        tab.evaluate(
            """() => Object.entries(sessionStorage).forEach(([key, said]) => {
                const { steps } = JSON.parse(said);
                if (steps) {
                  const at = Date.now() - 3 * 3600000;
                  sessionStorage.setItem(key, JSON.stringify({ at, steps }));
                }
            })"""
        )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    other.reload()

    assert SAID not in kept(page, "sessionStorage")
    assert SAID not in kept(other, "sessionStorage")


def test_what_is_typed_under_a_code_is_there_again_until_one_leaves(open_page: OpenPage) -> None:
    given = prepared(Stage.REPLIED)
    page = open_page("/track/", width="phone")
    page.locator("#id_code").fill(given.code)
    press(page)
    page.goto("/track/case/add/")
    words(page)

    page.goto("/track/case/")
    page.goto("/track/case/add/")
    expect(page.locator("#id_text")).to_have_value(SAID)
    page.goto("/track/case/")
    page.locator("form[data-leave] button").click()
    assert kept(page, "sessionStorage") == "[]"


def test_the_code_is_copied_and_saved_as_a_picture(open_page: OpenPage) -> None:
    page = with_script(open_page)
    at_words(page)
    fill_step(page, "words")
    press(page)
    press(page)
    expect(page.locator("details.proof")).not_to_have_attribute("open", "")
    screenshot(page, "receipt-phone")
    assert_accessible(page)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制").click()
    expect(page.locator("[data-receipt] [role=status]")).to_have_text("已复制。")
    assert page.locator(".code").inner_text() in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("button", name="保存为图片").click()
    assert download.value.suggested_filename == f"{Case.objects.get().number}.png"
    picture = Image.open(download.value.path())
    assert picture.size[0] == 900
    picture.save(SCREENSHOTS / "receipt-picture.png")
