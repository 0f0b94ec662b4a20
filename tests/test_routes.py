"""Closed unless opened: the pages that need no sign-in are these, and no other."""

import pytest
from django.test import Client

from tests.sitemap import Route, routes

PUBLIC = {
    "front": "the portal's front page",
    "healthz": "whether the server is alive",
    "readyz": "whether the server can work",
    "sign-in": "where an officer signs in",
    "set_language": "Chinese or English",
    "receipt-keys": "the public keys with which anybody checks a receipt",
    "favicon": "the sign in the browser's tab",
}
PLAIN = [route for route in routes() if not route.parameters]


def test_the_public_pages_are_listed() -> None:
    public = {route.name for route in routes() if route.is_public}

    assert public == set(PUBLIC)


def test_every_page_has_a_name_of_its_own() -> None:
    names = [route.name for route in routes()]

    assert all(names)
    assert len(names) == len(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize("route", PLAIN, ids=lambda route: route.path)
def test_a_stranger_gets_only_the_public_pages(route: Route, client: Client) -> None:
    response = client.get(route.path)

    asked_to_sign_in = response.status_code == 302 and "next=" in response.headers["Location"]
    assert asked_to_sign_in is not route.is_public
