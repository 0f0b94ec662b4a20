"""A long list is a box to type in, by keyboard and by hand; what it does not have is not sent."""

from __future__ import annotations

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLOSE = "/desk/organisation/units/gone/close/"
CHOSEN = "document.querySelector('select[name=successor]').value"


@pytest.fixture
def admin() -> User:
    """The administrator of a county with more towns than one finds at a glance."""
    county = make_unit(name="云溪县")
    make_unit(county, name="双河镇", code="gone", kind=Unit.Kind.TOWN)
    for number in range(1, 16):
        make_unit(
            county,
            name=f"青杉镇{number:02}村",
            code=f"v{number:02}",
            kind=Unit.Kind.TOWN,
        )
    return make_officer(county, Power.ADMINISTER)


@LOOKS
def test_one_of_many_is_found_by_a_part_of_its_name(
    open_page: OpenPage, admin: User, width: str, language: str
) -> None:
    wanted = Unit.objects.get(code="v12")
    page = open_page(CLOSE, width=width, language=language, user=admin)
    box = page.locator(".autocomplete__input")

    box.fill("12")
    page.locator(".autocomplete__option").first.wait_for()
    screenshot(page, f"choices-{language}-{width}")
    assert_accessible(page)
    page.keyboard.press("Enter")

    assert page.evaluate(CHOSEN) == str(wanted.pk)


def test_a_text_that_is_not_in_the_list_chooses_nothing(open_page: OpenPage, admin: User) -> None:
    page = open_page(CLOSE, user=admin)
    box = page.locator(".autocomplete__input")
    box.fill("03")
    page.locator(".autocomplete__option").first.click()
    before = page.evaluate(CHOSEN)

    box.fill("没有这个单位")
    page.locator("h1").click()

    assert page.evaluate(CHOSEN) == before == str(Unit.objects.get(code="v03").pk)
    assert box.input_value() == "青杉镇03村"


def test_an_emptied_box_empties_the_list(open_page: OpenPage, admin: User) -> None:
    page = open_page(CLOSE, user=admin)
    box = page.locator(".autocomplete__input")
    box.fill("03")
    page.locator(".autocomplete__option").first.click()

    box.fill("")
    page.locator("h1").click()

    assert page.evaluate(CHOSEN) == ""


def test_what_was_chosen_comes_back_with_the_draft(open_page: OpenPage, admin: User) -> None:
    page = open_page(CLOSE, user=admin)
    page.locator(".autocomplete__input").fill("07")
    page.locator(".autocomplete__option").first.click()

    page.reload()
    page.locator(".autocomplete__input").wait_for()

    assert page.locator(".autocomplete__input").input_value() == "青杉镇07村"
    page.locator("[data-drop-draft]").click()
    assert page.locator(".autocomplete__input").input_value() == ""


def test_a_list_with_two_of_the_same_name_stays_a_list(open_page: OpenPage, admin: User) -> None:
    Unit.objects.filter(code="v02").update(name="青杉镇01村")
    page = open_page(CLOSE, user=admin)

    page.locator("select[name=successor]").select_option(str(Unit.objects.get(code="v02").pk))

    assert page.locator(".autocomplete__input").count() == 0
