"""Each step of a report has an address: Back and reload find it as it was left, and nobody else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cases.models import Case, Evidence
from bihuan.files import unsent
from bihuan.files.unsent import Unsent, UnsentForm
from bihuan.portal import drafts, guard, tokens
from bihuan.portal.views import receipt
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.portal.conftest import County
from tests.portal.tab import START, Tab, laid_aside
from tests.portal.visitor import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_lies_aside")]


def test_back_finds_every_step_as_it_was_left(county: County, tab: Tab) -> None:
    page = tab.open(START)
    photo: dict[str, object] = {"photos": make_photo()}
    for step in (photo, *county.steps()[1:]):
        page = tab.press(page, **step)
    assert tab.url.endswith("/check/")

    page = tab.back()
    assert tab.url.endswith("/words/")
    assert page.values["title"] == ["桥头路灯坏了"]
    page = tab.back()
    assert page.values["place"] == ["双河桥头"]
    assert page.values["unit"] == [str(county.town.pk)]
    page = tab.back()
    assert len(page.values["kept"]) == 1
    for _ in range(3):
        page = tab.press(page)
    page = tab.press(page, go="send", form=opened())

    assert page.code
    assert Case.objects.get().description == "晚上看不见。\n已经一周。"
    assert Evidence.objects.count() == 1


def test_a_form_that_is_only_opened_leaves_nothing(tab: Tab) -> None:
    page = tab.open(START)

    assert page.values["step"] == ["photo"]
    assert not tab.client.cookies
    assert not laid_aside()


def test_no_page_of_the_way_is_an_answer_to_a_form(county: County, tab: Tab) -> None:
    """Or the browser could not go back to it without asking whether to send the form again."""
    page = tab.open(START)
    for given in ({"go": "next"}, {"go": "find", "find": "双河"}, {"go": "next"}, {"go": "back"}):
        response = tab.client.post(tab.url, {**page.values, **given})
        assert response.status_code == 302, given
        assert "no-store" in response["Cache-Control"]
        page = tab.open(response["Location"])


def test_what_is_wrong_is_told_on_the_address_of_its_step(county: County, tab: Tab) -> None:
    page = tab.press(tab.open(START), photos=SimpleUploadedFile("a.jpg", b"no picture"))
    assert (page.is_told, page.values["step"]) == (True, ["photo"])
    assert ("/photo/?" in tab.url, "wrong=1" in tab.url) == (True, True)
    page = tab.press(page)
    assert not page.is_told

    page = tab.press(page, place="双河桥头")
    assert (page.is_told, page.values["place"]) == (True, ["双河桥头"])
    assert not tab.open(tab.url.removesuffix("?wrong=1")).is_told


def test_a_page_from_the_memory_of_the_browser_takes_nothing_back(county: County, tab: Tab) -> None:
    tab.press(tab.open(START))
    at_place, place = tab.url, tab.open(tab.url)
    page = tab.press(place, **county.steps()[1])
    tab.press(page, **county.steps()[2])

    tab.url = at_place
    page = tab.press(place, unit=county.village.pk, place="石桥")

    assert page.values["title"] == ["桥头路灯坏了"]
    assert tab.press(page, go="check").values["place"] == ["石桥"]


# ------------------------------------------------------------------------ kept
def test_what_lies_aside_is_read_by_the_browser_that_filled_it_in_alone(
    county: County, tab: Tab
) -> None:
    tab.fill(county)
    [file] = laid_aside()
    words = ("桥头路灯坏了".encode(), b"6865", "桥头路灯坏了".encode("unicode-escape"))
    assert not any(word in file.read_bytes() for word in words)

    stranger = Tab()
    assert stranger.open(tab.url).status == 404
    stranger.client.cookies[unsent.COOKIE] = "guessed"
    assert "桥头" not in stranger.open(tab.url).text
    assert "桥头" in tab.open(tab.url).text


def test_the_cookie_is_for_one_form_alone_and_soon_over(county: County, tab: Tab) -> None:
    tab.fill(county)
    cookie = tab.client.cookies[unsent.COOKIE]

    assert cookie["path"] == tab.url.removesuffix("check/")
    assert cookie["max-age"] == 2 * 60 * 60
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert tab.url.split("/")[3] not in cookie.value


def test_nothing_is_left_once_it_is_sent(county: County, tab: Tab) -> None:
    page = tab.fill(county)
    before = tab.url
    page = tab.press(page, go="send", form=opened())

    assert page.code
    assert not laid_aside()
    assert tab.client.cookies[unsent.COOKIE].value == ""
    page = tab.open(before)
    assert page.status == 404
    assert "桥头" not in page.text


@pytest.mark.parametrize("at", ["place", "words", "check"])
def test_it_can_be_thrown_away_after_one_more_question(county: County, tab: Tab, at: str) -> None:
    tab.press(tab.open(START), photos=make_photo())
    page = tab.press(tab.fill(county), go=at)
    request = tab.press(page, go="throw")
    assert "不能恢复" in request.text
    stored = tab.press(request, go=at)
    assert (stored.values["step"], "桥头路灯坏了" in stored.text) == ([at], True)

    page = tab.press(tab.press(stored, go="throw"), go="gone")

    assert "已全部删除" in page.text
    assert tab.client.cookies[unsent.COOKIE].value == ""
    assert "桥头" not in tab.back().text


def test_a_photo_that_the_browser_sends_again_after_back_counts_once(tab: Tab) -> None:
    first, other = (make_photo().read() for _ in range(2))
    tab.press(tab.open(START), photos=SimpleUploadedFile("a.jpg", first))

    again = [SimpleUploadedFile("a.jpg", each) for each in (first, other, other)]
    page = tab.press(tab.back(), photos=again)

    assert len(page.values["kept"]) == 2


def test_nothing_of_what_was_thrown_away_lies_about(county: County, tab: Tab) -> None:
    photos = Path(settings.MEDIA_ROOT, drafts.FOLDER)
    before = {*photos.glob("*")}
    page = tab.press(tab.open(START), photos=make_photo())
    assert ({*photos.glob("*")} - before, laid_aside()) != (set(), [])

    tab.press(tab.press(page, go="throw"), go="gone")

    assert ({*photos.glob("*")} - before, laid_aside()) == (set(), [])


def test_without_cookies_too_nothing_lies_about(county: County) -> None:
    photos = Path(settings.MEDIA_ROOT, drafts.FOLDER)
    before, tab = {*photos.glob("*")}, Tab(keeps_cookies=False)
    page = tab.press(tab.press(tab.open(START), photos=make_photo()), **county.steps()[1])

    request = tab.press(page, go="throw")
    assert "不能恢复" in request.text
    page = tab.press(request, go="gone")

    assert "已全部删除" in page.text
    assert ({*photos.glob("*")} - before, laid_aside()) == (set(), [])


def test_what_was_only_opened_offers_nothing_to_throw_away(tab: Tab) -> None:
    assert 'value="throw"' not in tab.open(START).text


def test_after_two_hours_nobody_can_read_it_and_then_it_is_removed() -> None:
    form = Unsent(unsent.new_name(), unsent.new_secret())
    form.keep(UnsentForm({"title": ["路灯"]}, [("photos", "x")]), PRESENT)
    [file] = laid_aside()
    os.utime(file, (PRESENT.timestamp(), PRESENT.timestamp()))
    late = PRESENT + timedelta(hours=2, seconds=1)

    assert form.read(late - timedelta(minutes=1)) == UnsentForm(
        {"title": ["路灯"]}, [("photos", "x")]
    )
    assert form.read(late) is None
    assert unsent.clear_away(late - timedelta(minutes=1)) == 0
    assert unsent.clear_away(late) == 1
    assert not laid_aside()


def test_a_form_left_open_for_hours_is_still_sent_whole(county: County, tab: Tab) -> None:
    page = tab.fill(county)
    for file in laid_aside():
        file.unlink()

    assert tab.press(page, go="send", form=opened()).code


# ------------------------------------------------------------- nothing can be kept
@pytest.mark.parametrize("given", [{"go": "next"}, {"go": "back"}, {"language": "en"}])
def test_without_cookies_too_a_refused_photo_is_told(given: dict[str, object]) -> None:
    tab = Tab(keeps_cookies=False)
    page = tab.press(tab.press(tab.open(START)), go="back")

    page = tab.press(page, **given, photos=SimpleUploadedFile("a.jpg", b"no picture"))

    assert (page.values["step"], page.is_told) == (["photo"], True)


def test_without_cookies_the_pages_carry_everything_and_nothing_lies_aside(
    county: County,
) -> None:
    tab = Tab(keeps_cookies=False)
    page = tab.press(tab.open(START), photos=make_photo())
    assert not laid_aside()
    for step in county.steps()[1:]:
        page = tab.press(page, **step)
    assert page.values["step"] == ["check"]
    page = tab.press(page, go="send", form=opened())

    assert page.code
    assert not laid_aside()
    assert Evidence.objects.count() == 1


def test_more_than_can_be_laid_aside_is_answered_at_once(county: County, tab: Tab) -> None:
    page = tab.press(tab.fill(county), go="words")
    long = "长" * unsent.BIGGEST
    page = tab.press(page, description=long)

    assert page.is_told
    assert page.values["description"] == [long]


def test_many_forms_from_one_place_go_on_without(
    county: County, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, guard.Tried.FORM: 1})
    tab.fill(county)
    other = Tab()
    page = other.fill(county)

    assert len(laid_aside()) == 1
    assert other.press(page, go="send", form=opened()).code


@pytest.mark.parametrize("name", ["1", "x" * 32, "A" * 32, "0" * 31])
def test_an_address_that_was_never_given_out_is_not_found(tab: Tab, name: str) -> None:
    assert tab.client.get(f"{START}{name}/photo/").status_code == 404
    assert tab.client.post(f"{START}{name}/photo/", {"go": "next"}).status_code == 404


def test_a_key_of_a_form_is_renewed_where_it_lies(county: County, tab: Tab) -> None:
    page = tab.fill(county)
    page = tab.press(page, go="send", form=tokens.new(PRESENT - timedelta(days=2)))

    assert page.is_told
    assert page.values["step"] == ["check"]
    assert receipt.COOKIE not in tab.client.cookies
    assert tab.press(page, go="send", form=opened()).code


def test_words_on_a_form_that_was_sent_are_not_lost_on_the_way(county: County, tab: Tab) -> None:
    page, key = tab.fill(county), opened()
    before = tab.url
    tab.press(page, go="send", form=key)

    tab.url = before
    page = tab.press(page, step="words", description="另外还有一件事", form=key)

    assert "另外还有一件事" in page.text
    assert "没有记录" in page.text
    assert Case.objects.count() == 1


def test_an_office_that_was_not_chosen_is_asked_for_where_it_is_chosen(
    county: County, tab: Tab
) -> None:
    """The list of offices is drawn by the page itself, so Django takes its field for hidden."""
    page = tab.press(tab.press(tab.open(START)))

    summary = page.text[page.text.index("error-summary") :].partition("</ul>")[0]
    assert '<a href="#id_unit">' in summary
    assert 'id="id_unit"' in page.text
    assert "请从列表中选择" in summary
