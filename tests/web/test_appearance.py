"""Dark or light, and the size of the type: chosen by a link, kept in this browser."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bihuan.web.middleware import ChosenLook
from tests.factories import make_officer, make_unit

pytestmark = pytest.mark.django_db
DARK = "web/dark"


def _page(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/desk/account/"])
def test_pages_follow_the_device_until_the_reader_chooses(client: Client, path: str) -> None:
    client.force_login(make_officer(make_unit()))

    shown = _page(client, path)

    assert 'media="screen and (prefers-color-scheme: dark)"' in shown
    assert 'content="light dark"' in shown


@pytest.mark.parametrize("path", ["/", "/desk/account/"])
def test_what_a_link_chooses_is_kept_in_this_browser(client: Client, path: str) -> None:
    client.force_login(make_officer(make_unit()))

    arrived = client.get(path, {"look": "dark", "q": "桥"})
    client.get(path, {"look": "large"})
    shown = _page(client, path)

    assert arrived.headers["Location"] == f"{path}?q=%E6%A1%A5"
    assert 'media="screen"' in shown
    assert 'class="large"' in shown
    cookie = arrived.cookies["bihuan_theme"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_light_page_asks_for_no_dark_colours(client: Client) -> None:
    client.get("/", {"look": "light"})

    assert DARK not in _page(client)


def test_the_choice_is_taken_back(client: Client) -> None:
    for choice in ("dark", "large", "auto", "normal"):
        client.get("/", {"look": choice})

    shown = _page(client)

    assert "prefers-color-scheme" in shown
    assert 'class="large"' not in shown


def test_an_unknown_choice_changes_nothing(client: Client) -> None:
    answer = client.get("/", {"look": "<b>"})

    assert answer.status_code == 200
    assert "bihuan_theme" not in answer.cookies


def test_a_path_that_looks_like_a_host_stays_on_this_site(rf: RequestFactory) -> None:
    request = rf.get("/", {"look": "dark"})
    request.path = "//example.org/"

    answer = ChosenLook(lambda _: HttpResponse())(request)

    assert answer.headers["Location"] == "/%2Fexample.org/"
