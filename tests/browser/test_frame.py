"""The frame around the desk: the side bar, the bar on phones, and the box at the top."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.hazards.models import Hazard
from bihuan.orgs.models import Post, Unit, User
from tests.browser.conftest import ALL_LOOKS, LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_case, make_cast, make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case() -> Case:
    unit = make_unit(make_unit(name="云溪县"), name="双河镇")
    return make_case(unit, stage=Stage.CONFIRMED, cast=make_cast(unit), now=PRESENT)


@pytest.fixture
def officer(case: Case) -> User:
    return make_officer(case.owner, Power.COORDINATE, name="李调度")


def test_a_narrow_side_bar_stays_narrow(open_page: OpenPage, officer: User) -> None:
    page = open_page("/desk/", user=officer)
    label = page.locator(".nav ul span").first
    expect(label).to_be_in_viewport()

    page.locator("[data-fold]").click()
    page.goto("/desk/cases/")

    assert page.locator(".nav").bounding_box()["width"] < 80  # type: ignore[index]
    assert_accessible(page)
    stored = next(each for each in page.context.cookies() if each["name"] == "bihuan_side")
    assert (stored["value"], stored["path"]) == ("narrow", "/desk/")


def test_the_box_is_reached_and_walked_by_keys(
    open_page: OpenPage, officer: User, case: Case
) -> None:
    page = open_page("/desk/account/", user=officer)

    page.keyboard.press("Control+k")
    page.keyboard.type(case.number)
    page.locator("#found a").first.wait_for()
    screenshot(page, "found-desk")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{case.get_absolute_url()}")


@ALL_LOOKS
def test_the_ledger_has_room_beside_the_side_bar(
    open_page: OpenPage, officer: User, case: Case, width: str, language: str
) -> None:
    """A long title, place and post, and a stage with all that may stand behind it."""
    post = Post.objects.earliest("pk")
    post.title, post.title_en = "安全生产监督管理站站长", "Head of the safety supervision station"
    post.save()
    Case.objects.filter(pk=case.pk).update(
        title="综合楼外墙瓷砖空鼓脱落约5平方米，下方为学生通道，尚未封闭",
        place="云溪县双河镇第一中学综合楼东侧外墙",
        stage=Stage.RECTIFYING,
        is_urgent=True,
        post=post,
    )
    Hazard.objects.filter(pk=case.pk).update(grade="major")

    page = open_page("/desk/cases/", width=width, language=language, user=officer)

    screenshot(page, f"ledger-frame-{width}-{language}")
    assert_accessible(page)


@LOOKS
def test_everything_is_reached_from_the_frame(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/", width=width, language=language, user=officer)
    if width == "phone":
        page.locator(".phone-bar a[href='#menu']").click()
    screenshot(page, f"frame-{width}-{language}")
    assert_accessible(page)

    page.locator(".nav a[href='/desk/organisation/']").click()

    page.wait_for_url("**/desk/organisation/")
    expect(page.locator(".nav-close")).to_be_hidden()


def test_back_closes_the_menu_of_a_phone(open_page: OpenPage, officer: User) -> None:
    page = open_page("/desk/", width="phone", user=officer)
    page.locator(".phone-bar a[href='#menu']").click()
    expect(page.locator(".nav-close")).to_be_visible()

    page.go_back()

    expect(page.locator(".nav-close")).to_be_hidden()
    page.locator(".phone-bar summary").click()
    expect(page.locator(".phone-bar a[href='/desk/hazards/report/']")).to_be_visible()


@LOOKS
def test_breadcrumbs_fit_and_lead_up(
    open_page: OpenPage, officer: User, case: Case, width: str, language: str
) -> None:
    """Also with the long names that units have, on the narrowest screens."""
    administrator = make_officer(case.owner, Power.ADMINISTER, name="王管理")
    Unit.objects.filter(pk=case.owner.pk).update(
        name="双河镇人民政府安全生产监督管理和综合应急指挥中心办公室",
        name_en="Double River Town Office for Work Safety Supervision and Emergency Command",
    )
    address = f"/desk/organisation/units/{case.owner.code}/change/"

    page = open_page(address, width=width, language=language, user=administrator)

    crumbs = page.locator("nav.crumbs")
    assert crumbs.locator("[aria-current=page]").inner_text() == page.locator("h1").inner_text()
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0
    screenshot(page, f"crumbs-{width}-{language}")
    assert_accessible(page)
    crumbs.locator("a").last.click()
    page.wait_for_url(f"**/desk/organisation/units/{case.owner.code}/")
    page.locator("nav.crumbs a").first.click()
    page.wait_for_url("**/desk/organisation/")
