"""What the page of another site sends to ours takes over no key, no code and no cookie.

The attacker knows the code of a case of their own, and keys that the site gave them. A person who
is led along goes on in nothing that the attacker holds the key of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.cases.models import Case
from bihuan.portal import tokens
from bihuan.portal.actions import receptions as actions
from bihuan.portal.models import Booking
from bihuan.portal.queries import track as queries
from bihuan.portal.views import holding, receipt, receptions
from bihuan.receipts.models import Message
from tests.clock import PRESENT
from tests.portal.conftest import County
from tests.portal.published import make_reception
from tests.portal.visitor import Visitor, opened
from tests.sitemap import routes

pytestmark = pytest.mark.django_db

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Origin": "http://other.example"},
    {"Origin": "null"},
]
KEY_COOKIES = {holding.COOKIE, receipt.COOKIE}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_nobody_is_let_in_by_the_code_of_another(code: str, headers: Mapping[str, str]) -> None:
    """Who is led into the case of an attacker would confide there what the attacker reads."""
    led = Client()

    sent = led.post("/track/", {"code": code, "then": "add", "text": "别人的话"}, headers=headers)

    assert holding.COOKIE not in sent.cookies
    assert "别人的话" not in sent.content.decode()
    assert led.get("/track/case/").headers["Location"] == "/track/"


def test_of_our_own_page_the_code_is_taken(code: str) -> None:
    sent = Client().post("/track/", {"code": code}, headers={"Sec-Fetch-Site": "same-origin"})

    assert holding.COOKIE in sent.cookies


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_case_is_made_under_a_key_of_another(
    county: County, code: str, visitor: Visitor, headers: Mapping[str, str]
) -> None:
    """The key of a form of retaliation opens the receipt of the case that it makes."""
    visitor.track(code)
    case = Case.objects.get()
    holder = queries.find(code).code
    planted = tokens.new(PRESENT - timedelta(minutes=1), f"/{holder}")

    visitor.client.post(
        "/track/case/retaliation/", {"form": planted, "text": "有人威胁我"}, headers=headers
    )

    assert list(Case.objects.all()) == [case]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_time_is_booked_or_given_back_in_the_name_of_another(
    county: County, headers: Mapping[str, str]
) -> None:
    day = make_reception(county.top, on=timezone.localdate(PRESENT) + timedelta(days=3))
    own = actions.book(reception=day, starts_at=time(9), form_key="own", now=PRESENT).code
    planted = tokens.new(PRESENT - timedelta(minutes=1), receptions.BOOK)

    Client().post(f"/reception/{day.pk}/0930/", {"form": planted}, headers=headers)
    Client().post("/reception/mine/", {"code": own, "go": "give-back"}, headers=headers)

    assert Booking.objects.get().given_back_at is None


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_public_page_gives_a_key_for_what_another_site_sent(
    county: County, code: str, visitor: Visitor, headers: Mapping[str, str]
) -> None:
    """Also one that is added later: each is sent all that an attacker could have."""
    before = Case.objects.count(), Message.objects.count()
    taken = Visitor().report("hazard", *county.steps())
    holder = queries.find(code).code
    places = {"matter": "hazard", "name": "add", "step": "photo", "pk": 1, "question": 1}
    given = {"code": code, "go": "send", "text": "话", "then": "add", "move": "consent"}

    for route in routes():
        if not route.is_public or route.path.startswith(("/open311", "/sign-in", "/language")):
            continue
        path = route.path
        for name, value in {**places, "at": "0900"}.items():
            for kind in ("slug", "int", "str"):
                path = path.replace(f"<{kind}:{name}>", str(value))
        for key in (opened(), tokens.new(PRESENT, f"/{holder}")):
            sent = visitor.client.post(path, {**given, "form": key}, headers=headers)
            assert not KEY_COOKIES & {
                name for name, cookie in sent.cookies.items() if cookie.value
            }, path

    assert taken.code
    assert (Case.objects.count() - 1, Message.objects.count()) == before
