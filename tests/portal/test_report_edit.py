"""From the check back to it; and what a suggestion is asked."""

from __future__ import annotations

import pytest

from bihuan.cases.categories import offered
from bihuan.cases.models import Case
from bihuan.grievances.models import Category
from tests.portal.conftest import County
from tests.portal.tab import START, Tab
from tests.portal.visitor import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_lies_aside")]


@pytest.mark.parametrize("keeps_cookies", [True, False], ids=["cookies", "no cookies"])
@pytest.mark.parametrize(
    ("at", "value"), [("photo", {}), ("place", {"place": "石桥"}), ("words", {})]
)
def test_a_change_returns_to_the_check(
    county: County, at: str, value: dict[str, object], keeps_cookies: bool
) -> None:
    tab = Tab(keeps_cookies=keeps_cookies)
    page = tab.press(tab.fill(county), go=at)
    assert page.values["step"] == [at]
    assert "保存并返回核对" in page.text

    page = tab.press(page, **value)

    assert page.values["step"] == ["check"]
    assert str(value.get("place", "双河桥头")) in page.text


def test_an_error_and_a_search_on_the_way_still_return_to_the_check(
    county: County, tab: Tab
) -> None:
    page = tab.press(tab.fill(county), go="place")
    page = tab.press(page, place="")
    assert page.is_told
    page = tab.press(page, go="find", find="石桥")
    page = tab.press(page, place="石桥")

    assert page.values["step"] == ["check"]
    assert tab.press(page, go="send", form=opened()).code
    assert Case.objects.get().owner == county.village


def test_back_from_a_change_returns_to_the_check_too(county: County, tab: Tab) -> None:
    page = tab.press(tab.press(tab.fill(county), go="words"), go="back")

    assert page.values["step"] == ["check"]


def test_the_steps_follow_each_other_where_nothing_is_changed(county: County, tab: Tab) -> None:
    page = tab.open(START)

    assert "保存并返回核对" not in page.text
    assert tab.press(page).values["step"] == ["place"]


# ----------------------------------------------------------------- suggestions
def test_a_suggestion_is_asked_for_first_and_not_for_a_photo(county: County, tab: Tab) -> None:
    page = tab.open("/report/suggestion/")

    assert page.values["step"] == ["words"]
    assert "您有什么建议？" in page.shown
    assert "用一句话写出您的建议" in page.shown

    tab_pages = [page]
    for given in ({"title": "修一座桥"}, {"unit": county.town.pk}, {}):
        tab_pages.append(tab.press(tab_pages[-1], **given))
    assert [each.values["step"][0] for each in tab_pages] == ["words", "place", "photo", "check"]


# ------------------------------------------------------------- one list of them
def test_officers_and_the_public_choose_from_one_list(county: County, tab: Tab) -> None:
    above = Category.objects.create(code="10", name="安全隐患", kind="hazard")
    Category.objects.create(code="1001", name="消防通道堵塞", kind="hazard", parent=above)
    Category.objects.create(code="1002", name="工资", kind="grievance", parent=above)
    tab.client.force_login(county.coordinator)

    desk = tab.client.get("/desk/hazards/report/").content.decode()
    public = tab.press(tab.press(tab.open(START)), **county.steps()[1]).text

    assert offered("hazard") == [("安全隐患", [("消防通道堵塞", "消防通道堵塞")])]
    for page in (desk, public):
        assert '<optgroup label="安全隐患">' in page
        assert "消防通道堵塞" in page
        assert "工资" not in page
