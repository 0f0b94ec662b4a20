"""Whatever an officer types in a form is there again in the same tab, unless it must not be."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from tests.browser.conftest import OpenPage
from tests.browser.staff_forms import StaffPage, staff_pages
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_officer, make_photo, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "字字句句"
LOOK_UP = 700  # longer than a form waits before it looks up what is like the text
# The forms that are never kept, and why.
UNKEPT = {
    "*:open-seal": "the reason to see who a reporter is",
    "confidential:*": "an accusation: even the browser of an officer keeps nothing of it",
    "orgs:account-password": "passwords",
    "portal:with-code*": "a tracking code, and what its holder says at the desk",
    "grievances:intake*": "what a person says at the desk, who leaves before the next one comes",
    "desk:ledger": "the name of a view, in a dialog over the list",
    "desk:views": "the names of views, each in a line of its own",
}
TYPE = """(said) => {
  const typed = "textarea, input[type=text], input[type=search], input[type=email]";
  const names = [];
  for (const form of document.querySelectorAll("main form")) {
    if (form.method !== "post") continue;
    for (const field of form.querySelectorAll(typed)) {
      if (field.closest("[data-no-draft]") === field || "unkept" in field.dataset) continue;
      field.value = said;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      names.push(field.name);
    }
  }
  return names.filter(Boolean);
}"""


def _is_unkept(page: StaffPage) -> bool:
    return any(fnmatch(page.name, pattern) for pattern in UNKEPT)


def _any(pages: list[StaffPage], pattern: str) -> bool:
    return any(fnmatch(page.name, pattern) for page in pages)


def _kept(page: Page) -> dict[str, list[str]]:
    """What the tab has, by the names of the fields."""
    drafts = page.evaluate(
        "Object.values(sessionStorage).filter((each) => each.includes('values'))"
    )
    return {name: said for each in drafts for name, said in json.loads(each)["values"].items()}


def _serve(context: BrowserContext, page: StaffPage) -> None:
    """The recorded page at its address; what it looks up meanwhile is answered with nothing."""

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(body=page.content, content_type="text/html")
        elif "hx-request" in route.request.headers:
            route.fulfill(body="", content_type="text/html")
        else:
            route.continue_()

    context.route("**/*", answer)


def _lost(page: Page, shown: StaffPage) -> list[str]:
    """The fields of the page whose text the tab does not have."""
    page.goto(shown.path)
    names = page.evaluate(TYPE, SAID)
    if "hx-trigger" in shown.content.partition("<main")[2]:
        page.wait_for_timeout(LOOK_UP)
    kept = _kept(page)
    return [name for name in names if SAID not in kept.get(name, [])]


def test_a_report_comes_back_after_a_reload_and_in_the_other_language(open_page: OpenPage) -> None:
    town = make_unit(make_unit(), name="双河镇")
    user = make_officer(town, Power.REPORT)
    page = open_page("/desk/hazards/report/", user=user, width="phone")
    page.locator("[name=title]").fill("桥头井盖松动")
    page.locator("[name=place]").fill("桥头")
    page.evaluate("""() => {
      const field = document.querySelector("#id_latitude");
      field.value = "30.5";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    with page.expect_response("**/similar/**"):
        pass

    page.reload()

    expect(page.locator("[name=title]")).to_have_value("桥头井盖松动")
    page.locator("form.language button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=title]")).to_have_value("桥头井盖松动")
    expect(page.locator("#id_latitude")).to_have_value("30.5")


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit(), name="双河镇"))


@pytest.fixture
def to_check(cast: Cast) -> Case:
    """A fix was submitted: it is confirmed or returned."""
    town = cast.handler.tenures.get().post.unit
    return make_case(town, stage=Stage.SUBMITTED, cast=cast, now=PRESENT)


def _press(page: Page, case: Case, move: str) -> Locator:
    """Press the button of a move on the page of its case, and return the field of its form."""
    url = f"{case.get_absolute_url()}{move}/"
    page.locator(f".case-acts a[href='{url}']").click()
    field = page.locator(f"#panel form[action='{url}'] textarea").first
    field.wait_for()
    return field


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_form_in_the_panel_of_a_case_keeps_its_text(
    open_page: OpenPage, cast: Cast, to_check: Case, width: str
) -> None:
    here = to_check.get_absolute_url()
    page = open_page(here, user=cast.verifier, width=width)
    _press(page, to_check, "return").fill(SAID)

    _press(page, to_check, "verify")
    expect(_press(page, to_check, "return")).to_have_value(SAID)
    expect(page.locator("#panel [data-drop-draft]")).to_be_visible()
    page.reload()
    expect(page.locator("#panel textarea").first).to_have_value(SAID)
    page.goto("/desk/")
    page.goto(here)
    expect(_press(page, to_check, "return")).to_have_value(SAID)
    page.goto(f"{here}return/")
    expect(page.locator("main form textarea").first).to_have_value(SAID)


def test_a_form_that_is_filled_the_moment_it_comes_keeps_its_text(
    open_page: OpenPage, cast: Cast, to_check: Case
) -> None:
    page = open_page(to_check.get_absolute_url(), user=cast.verifier)
    field = _press(page, to_check, "return")

    field.fill(SAID)
    # What htmx says a moment after the form can be seen.
    page.evaluate("htmx.trigger(document.querySelector('#panel section'), 'htmx:load')")

    assert SAID in _kept(page).get(field.get_attribute("name") or "", [])


@pytest.mark.parametrize("fault", ["fault", "no connection", "redirect"])
def test_a_button_whose_panel_does_not_come_opens_its_page(
    open_page: OpenPage, cast: Cast, to_check: Case, fault: str
) -> None:
    page = open_page(to_check.get_absolute_url(), user=cast.verifier)
    url = f"{to_check.get_absolute_url()}verify/"

    def answer(route: Route) -> None:
        if "hx-request" not in route.request.headers:
            route.continue_()
        elif fault == "no connection":
            route.abort()
        else:
            route.fulfill(status=500, body="<h1>500</h1>", content_type="text/html")

    if fault == "redirect":
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    else:
        page.route("**/verify/", answer)
    page.locator(f".case-acts a[href='{url}']").click()

    expect(page).to_have_url(re.compile(f"{url}$" if fault != "redirect" else "/sign-in/.*verify"))
    expect(page.locator("main form[method=post]").first).to_be_visible()
    expect(page.locator("#panel section")).to_have_count(0)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_button_of_an_open_form_leads_to_what_is_empty_there(
    open_page: OpenPage, cast: Cast, to_check: Case, width: str
) -> None:
    page = open_page(to_check.get_absolute_url(), user=cast.verifier, width=width)
    field = _press(page, to_check, "return")

    assert _press(page, to_check, "return").evaluate("field => field === document.activeElement")
    field.fill(SAID)
    _press(page, to_check, "return")
    submit = page.locator("#panel form [type=submit]")
    expect(submit).to_be_in_viewport()
    expect(submit).to_be_focused()
    expect(field).to_have_value(SAID)


def test_another_form_in_the_panel_asks_before_chosen_files_are_lost(
    open_page: OpenPage, cast: Cast, tmp_path: Path
) -> None:
    town = cast.handler.tenures.get().post.unit
    here = make_case(town, stage=Stage.RECTIFYING, cast=cast, now=PRESENT).get_absolute_url()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(make_photo().read())
    page = open_page(here, user=cast.handler)
    page.locator(f".case-acts a[href='{here}submit/']").click()
    page.locator("#panel input[type=file]").first.set_input_files(photo)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator(f".case-acts a[href='{here}comment/']").evaluate("link => link.click()")
    page.wait_for_timeout(LOOK_UP)

    assert asked == ["beforeunload"]
    expect(page.locator(f"#panel form[action='{here}submit/']")).to_be_visible()


def test_back_after_a_refused_form_finds_what_was_typed(open_page: OpenPage, cast: Cast) -> None:
    town = cast.handler.tenures.get().post.unit
    case = make_case(town, stage=Stage.CONFIRMED, cast=cast, now=PRESENT)
    page = open_page(f"{case.get_absolute_url()}assign/", user=cast.coordinator)
    page.fill("[name=measures]", SAID)
    page.locator("main .form-end [type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()

    page.goto("/desk/phrases/")
    page.go_back()

    expect(page.locator("[name=measures]")).to_have_value(SAID)
    page.reload()
    expect(page.locator("[name=measures]")).to_have_value(SAID)


def test_every_form_of_the_staff_keeps_what_is_typed(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    pages = staff_pages()
    tab = open_page("/")
    lost, kept = {}, []
    for shown in pages:
        tab.evaluate("sessionStorage.clear()")
        tab.context.unroute_all()
        _serve(tab.context, shown)
        fields = _lost(tab, shown)
        if _is_unkept(shown):
            assert not fields or SAID not in json.dumps(_kept(tab), ensure_ascii=False), shown.name
            kept.append(shown.name)
        elif fields:
            lost[shown.name] = fields

    assert lost == {}
    assert len(pages) > 80
    assert {"*:open-seal", "confidential:*"} <= {
        pattern for pattern in UNKEPT if _any(pages, pattern)
    }
