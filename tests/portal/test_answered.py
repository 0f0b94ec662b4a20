"""The page that answers a form has an address: Back and reload find it, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from bihuan.portal import guard
from bihuan.portal.models import Booking
from bihuan.portal.views import answered, holding
from bihuan.receipts.models import Message
from tests.clock import PRESENT, StoppedClock
from tests.portal.conftest import County
from tests.portal.published import make_reception
from tests.portal.tab import laid_aside
from tests.portal.visitor import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_lies_aside")]
HERE = {"Sec-Fetch-Site": "same-origin"}
WRONG = {"code": "0000000000000000"}


def sent(client: Client, path: str, **values: object) -> str:
    """The address to which the form leads."""
    response = client.post(path, values, headers=HERE)
    assert response.status_code == 302, path
    return str(response["Location"])


def test_a_wrong_code_is_answered_at_an_address_with_what_was_typed() -> None:
    client = Client()

    to = sent(client, "/track/", code="0000 1111")

    for _ in range(2):
        page = Page(client.get(to, headers=HERE))
        assert page.is_told
        assert page.values["code"] == ["0000 1111"]


def test_the_slip_of_a_booking_is_found_again_and_booked_once(county: County) -> None:
    reception = make_reception(county.top, on=localdate(PRESENT) + timedelta(days=3))
    client, path = Client(), f"/reception/{reception.pk}/0900/"
    page = Page(client.get(path))

    first = Page(client.get(sent(client, path, form=page.values["form"][0]), headers=HERE))
    again = Page(client.get(sent(client, path, form=page.values["form"][0]), headers=HERE))

    assert first.code == again.code != ""
    assert "五个字" in first.shown
    assert Booking.objects.count() == 1


def test_the_words_open_the_booking_like_the_code(county: County) -> None:
    reception = make_reception(county.top, on=localdate(PRESENT) + timedelta(days=3))
    client, path = Client(), f"/reception/{reception.pk}/0900/"
    page = client.post(path, {"form": Page(client.get(path)).values["form"][0]}).content.decode()
    words = page.partition('class="words">')[2].partition("<")[0]

    mine = Page(client.post("/reception/mine/", {"code": words}))

    assert "时段已为您保留" in mine.shown


def test_nobody_else_reads_the_page_and_a_link_to_it_opens_nothing() -> None:
    client = Client()
    to = sent(client, "/track/", code="0000 1111")

    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        assert "0000 1111" not in Client().get(to, headers=headers).content.decode()
    # The browser that sent it reads it from its own page, and then needs no secret in the URL.
    assert "0000 1111" in client.get(to, headers=HERE).content.decode()
    assert "0000 1111" not in Client().get(to, headers=HERE).content.decode()
    assert "0000 1111" in client.get(to).content.decode()


def test_what_is_shown_under_a_code_is_gone_with_the_code(code: str) -> None:
    client = Client()
    client.post("/track/", {"code": code})
    to = sent(client, "/track/case/add/", text="只有我知道", form="x")
    assert "只有我知道" in client.get(to, headers=HERE).content.decode()

    client.post("/track/leave/")

    response = client.get(to, headers=HERE)
    assert holding.COOKIE not in response.cookies
    assert "只有我知道" not in response.content.decode()
    assert not Message.objects.exists()


def test_after_half_a_day_nothing_is_found(clock: StoppedClock) -> None:
    client = Client()
    to = sent(client, "/track/", code="0000 1111")
    client.get(to, headers=HERE)

    clock.wait(timedelta(hours=2, seconds=1))

    assert "0000 1111" not in client.get(to, headers=HERE).content.decode()


def test_without_cookies_the_page_is_shown_once(county: County) -> None:
    client = Client()
    to = sent(client, "/track/", code="0000 1111")
    client.cookies.clear()

    assert "0000 1111" in client.get(to, headers=HERE).content.decode()
    client.cookies.clear()
    assert "0000 1111" not in client.get(to, headers=HERE).content.decode()


def test_a_browser_that_does_not_say_where_it_comes_from_gets_the_page_itself() -> None:
    assert Client().post("/track/", WRONG).status_code == 200
    of_old = Client().post("/track/", WRONG, headers={"Referer": "http://testserver/track/"})
    assert of_old.status_code == 302
    assert not Client().get("/track/").cookies


def test_whoever_sends_too_much_gets_the_page_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guard.MOST, guard.Tried.FORM, 1)
    client = Client()
    sent(client, "/track/", code="1")

    assert client.post("/track/", WRONG, headers=HERE).status_code == 200
    assert len(laid_aside()) == 1


def test_a_refusal_keeps_its_status(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guard.MOST, guard.Tried.GUESS, 1)
    client = Client()
    sent(client, "/track/", **WRONG)

    to = sent(client, "/track/", code="1111111111111111")

    assert client.get(to, headers=HERE).status_code == 429


def test_the_cookie_says_nothing_and_is_for_its_page_alone() -> None:
    client = Client()
    sent(client, "/track/", **WRONG)

    cookie = client.cookies[answered.COOKIE]

    assert (cookie["path"], cookie["max-age"]) == ("/track/", 30 * 60)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
