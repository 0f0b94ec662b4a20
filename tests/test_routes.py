"""Closed unless opened: the pages that need no sign-in are these, and no other."""

import pytest
from django.test import Client

from tests.sitemap import Route, routes

PUBLIC = {
    "portal:front": "the portal's front page",
    "portal:report": "what somebody may report",
    "portal:report-form": "the form of a report, and its receipt",
    "portal:report-step": "one step of the form of a report",
    "portal:receipt": "the receipt of the form that this browser sent, for half an hour",
    "portal:track": "where the code of a report is entered",
    "portal:track-leave": "forgets the code on this device",
    "portal:track-renew": "whose code a desk has seen takes another",
    "portal:track-case": "the case, for the holder who entered its code",
    "portal:track-act": "what the holder of a code does",
    "portal:track-kept": "everything that is kept under the code that was entered",
    "portal:track-answer": "the holder of a code answers the office",
    "portal:track-party": "a party of a mediation does its part",
    "portal:track-photo": "a picture on the case, for the holder of its code",
    "web:healthz": "whether the server is alive",
    "web:readyz": "whether the server can work",
    "orgs:sign-in": "where an officer signs in",
    "factors:second-step": "the code or passkey after the password; leads to sign-in without one",
    "factors:set-up-at-sign-in": "a first factor after the password; leads to sign-in without one",
    "factors:provider": "to the sign-in service of the house, where one is set",
    "factors:provider-answer": "back from it; only the browser that asked is believed",
    "web:set_language": "Chinese or English",
    "receipts:receipt-keys": "the public keys with which anybody checks a receipt",
    "web:favicon": "the sign in the browser's tab",
    "portal:where": "offices, paths, time limits and rights (PET-27)",
    "portal:privacy": "what is kept of what somebody tells, and what they may ask (PRV-4)",
    "portal:receptions": "days on which leaders meet people",
    "portal:book-slot": "takes a time with nothing but a code",
    "portal:my-slot": "looks at a booking and gives it back, by its code",
    "portal:open": "answers that were published, and how it went",
    "portal:open-answer": "one published answer",
    "portal:figures": "figures by unit, small numbers withheld",
    "portal:figures-csv": "the same table as a file",
    "portal:near": "dangers that were made public",
    "portal:me-too": "one more whom a danger concerns",
    "api:open311": "where the interface for other systems begins",
    "api:open311-discovery": "what the interface is; Open311 asks for no key to read",
    "api:open311-services": "what may be reported",
    "api:open311-service": "what a client may ask besides the words",
    "api:open311-requests": "what was published; and reports, which need a key of their own",
    "api:open311-request": "one request as it was published, or only how it stands",
    "api:open311-token": "the number of a request",
    "api:open311-nowhere": "errors in the format of the interface",
    "api:open311-test": "the same for systems that are being tried: reports are checked, not kept",
    "api:open311-test-discovery": "what the interface is",
    "api:open311-test-services": "what may be reported",
    "api:open311-test-service": "what a client may ask besides the words",
    "api:open311-test-requests": "what was published; and reports that are checked, with a key",
    "api:open311-test-request": "one request as it was published",
    "api:open311-test-token": "the number of a request",
    "api:open311-test-nowhere": "errors in the format of the interface",
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
