"""Desk intake has an address for each page: Back and reload find it as it was left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.files import unsent
from bihuan.grievances.views.intake import COOKIE
from bihuan.orgs.models import Unit, User
from tests.clock import StoppedClock
from tests.factories import make_officer
from tests.portal.tab import laid_aside

pytestmark = pytest.mark.django_db

URL = "/desk/intake/"
NAME = "欧阳不具名"


@pytest.fixture(autouse=True)
def _nothing_lies_there() -> None:
    for file in laid_aside():
        file.unlink()


def address(client: Client, page: str = "words") -> str:
    """The address of a page of a new form."""
    return client.get(URL)["Location"].replace("words", page)


def test_each_page_has_an_address_that_finds_it_as_it_was_left(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    words = address(client)
    check = client.post(words, {**form, "name_given": NAME})["Location"]

    for _ in range(2):
        assert NAME in client.get(check).content.decode()
        shown = client.get(words).context["form"]
        assert shown["description"].value() == form["description"]
        assert (shown["name_given"].value(), shown["form_key"].value()) == (NAME, form["form_key"])
        assert not shown.errors


def test_what_is_wrong_is_told_at_an_address_too(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    wrong = client.post(address(client), {**form, "title": ""})["Location"]

    assert "title" in client.get(wrong).context["form"].errors
    assert client.get(wrong).context["form"]["description"].value() == form["description"]


def test_two_tabs_do_not_mix(client: Client, clerk: User, form: dict[str, object]) -> None:
    tabs = [(address(client), title) for title in ("东头的事", "西头的事")]
    cookies = []
    for tab, title in tabs:
        client.post(tab, {**form, "title": title})
        cookies.append(client.cookies[COOKIE].value)
        assert client.cookies[COOKIE]["path"] == tab.removesuffix("words/")

    for (tab, title), cookie in zip(tabs, cookies, strict=True):
        client.cookies[COOKIE] = cookie
        assert client.get(tab).context["form"]["title"].value() == title


def test_what_lies_aside_is_opened_by_this_officer_in_this_browser_alone(
    client: Client, clerk: User, form: dict[str, object], town: Unit
) -> None:
    words = address(client)
    client.post(words, {**form, "name_given": NAME})
    (file,) = laid_aside()
    cookie = client.cookies[COOKIE].value

    client.cookies[COOKIE] = "guessed"
    assert NAME not in client.get(words).content.decode()
    client.force_login(make_officer(town, Power.REPORT, name="吴下一位"))
    client.cookies[COOKIE] = cookie

    assert NAME not in client.get(words).content.decode()
    assert NAME.encode() not in file.read_bytes()
    assert client.get(words.replace("words", "check")).status_code == 404


def test_nothing_of_it_lies_about_once_it_is_taken_in(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    words = address(client)
    check = client.post(words, form)["Location"]

    slip = client.post(check, {**form, "step": "make"})

    assert 'class="slip-code"' in slip.content.decode()
    assert (laid_aside(), slip.cookies[COOKIE].value) == ([], "")
    gone = client.get(check)
    assert (gone.status_code, "填写的内容已不在此处" in gone.content.decode()) == (404, True)


def test_to_change_something_an_old_page_brings_no_old_words(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    check = client.post(address(client), {**form, "title": "新的说法"})["Location"]

    page = client.post(check, {**form, "title": "旧的说法", "step": "change"}, follow=True)

    assert page.context["form"]["title"].value() == "新的说法"


def test_after_two_hours_nothing_is_left(
    client: Client, clerk: User, form: dict[str, object], clock: StoppedClock
) -> None:
    check = client.post(address(client), form)["Location"]

    cookie = client.cookies[COOKIE].value
    clock.wait(unsent.LASTS + timedelta(seconds=1))
    client.logout()
    client.force_login(clerk)
    client.cookies[COOKIE] = cookie

    assert client.get(check).status_code == 404
