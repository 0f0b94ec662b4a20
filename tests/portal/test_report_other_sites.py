"""A form of a report that another site prepared or sent is none of that site's business."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.files import unsent
from tests.portal.conftest import County
from tests.portal.tab import START, Tab
from tests.portal.visitor import Page, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_lies_aside")]


def test_whoever_prepared_a_form_does_not_get_the_receipt_of_another(county: County) -> None:
    """The key of a form opens its receipt, so nobody is led into a form under a key of theirs."""
    key = opened()
    laid = Client().post(START, {"form": key, "step": "photo", "go": "next"})["Location"]
    led = Tab()

    page = led.open(laid)

    assert page.status == 200
    assert page.values["form"] != [key]


@pytest.mark.parametrize("cookie", ["", "guessed"])
def test_nobody_who_knows_the_address_of_a_form_reads_it_or_lays_another_in_its_place(
    county: County, tab: Tab, cookie: str
) -> None:
    """Whoever led somebody there knows it, and may be faster than the answer to the first step."""
    first, key = f"{START}{unsent.new_name()}/photo/", opened()
    values = {**tab.open(first).values, "place": "双河桥头", "go": "next"}
    answer = tab.client.post(first, values)["Location"]
    other = Client()
    other.cookies[unsent.COOKIE] = cookie

    looked = other.get(first.replace("photo", "place"))
    other.post(first, {"form": key, "step": "photo", "place": "别处", "go": "next"})
    page = tab.open(answer)

    assert looked.status_code == 404
    assert page.values["place"] == ["双河桥头"]
    assert page.values["form"] != [key]
    other.post(first, {"form": key, "step": "photo", "place": "别处", "go": "next"})
    page = tab.open(answer)
    assert page.values["place"] == ["双河桥头"]
    assert page.values["form"] != [key]


@pytest.mark.parametrize(
    ("headers", "is_kept"),
    [
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://other.example"}, False),
        ({"Origin": "http://testserver.other.example"}, False),
        # What a proxy in front may keep to itself.
        ({"Origin": "http://testserver:8080"}, True),
        ({"Origin": "https://testserver"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[testserver"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_a_form_that_another_site_sent_goes_on_under_a_key_of_its_own(
    county: County, headers: dict[str, str], is_kept: bool
) -> None:
    """Old browsers name the site in `Origin` alone, the oldest nowhere."""
    led, key = Tab(), opened()

    sent = led.client.post(START, {"form": key, "go": "next", "carry": ""}, headers=headers)

    assert (Page(sent).values["form"] == [key]) is is_kept


def test_another_site_takes_no_words_from_the_address_that_it_led_to(
    county: County, tab: Tab
) -> None:
    """Whoever passed on a link knows the name in it; browsers send no cookie of ours with that."""
    tab.fill(county)
    words = tab.url.replace("check", "words")

    form = {"step": "words", "title": "别的事", "go": "next"}
    sent = Client().post(words, form, headers={"Sec-Fetch-Site": "cross-site"})

    set_for = [c["path"] for name, c in sent.cookies.items() if name == unsent.COOKIE]
    assert not any(words.startswith(path) for path in set_for)


def test_behind_a_proxy_that_takes_a_port_for_itself_a_report_can_be_sent(
    county: County, tab: Tab
) -> None:
    """Browsers say `Origin` alone where there is no HTTPS."""
    page = tab.fill(county)

    values = {**page.values, "go": "send", "form": opened()}
    tab.client.post(tab.url, values, headers={"Origin": "http://testserver:8080"})

    assert Case.objects.count() == 1
