"""Nobody chooses the address under which they are counted, and a proxy that names none is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from bihuan.tallies import addresses, watching
from bihuan.tallies.addresses import Fault
from bihuan.web import looks
from bihuan.web.checks import Level
from bihuan.web.management.commands.serve import _Server
from tests.clock import PRESENT
from tests.factories import NOW

SITE = "bihuan.example.gov.cn"


@pytest.fixture(autouse=True)
def nothing_noted(settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOUR_KEYS = tmp_path / "hours"
    settings.ALLOWED_HOSTS = [SITE, "127.0.0.1", "testserver"]
    monkeypatch.setattr(watching, "_noted", {})


def network(address: str, passed: str | None) -> str:
    headers = {} if passed is None else {"X-Forwarded-For": passed}
    return addresses.network_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


@pytest.mark.parametrize(
    ("address", "passed", "proxies", "counted"),
    [
        ("203.0.113.7", None, 0, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "9.9.9.9, 198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "9.9.9.9, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        # Fewer than there are proxies: whoever says it is not one of them.
        ("127.0.0.1", "9.9.9.9", 2, "127.0.0.1"),
        ("127.0.0.1", "no address", 1, "127.0.0.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", 1, "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1:2:3:4:5:6]:4711", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", None, 0, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", None, 0, "203.0.113.7"),
        ("", None, 0, ""),
    ],
)
def test_a_place_is_the_address_that_our_own_proxy_names(
    settings: Settings, address: str, passed: str | None, proxies: int, counted: str
) -> None:
    settings.PROXIES = proxies

    assert network(address, passed) == counted


@pytest.mark.parametrize("proxies", [1, 2, 3])
def test_whatever_a_client_invents_it_is_counted_as_itself(
    settings: Settings, proxies: int
) -> None:
    settings.PROXIES = proxies
    ours = ["198.51.100.1", "10.0.0.2", "10.0.0.3"][:proxies]

    invented = ["1.2.3.4", "1.2.3.4, 5.6.7.8, 9.9.9.9", "unknown", "", ",,,"]
    counted = {network("127.0.0.1", ", ".join([text, *ours])) for text in invented}

    assert counted == {"198.51.100.1"}


# ------------------------------------------------------------------ what is told
@pytest.mark.parametrize(
    ("host", "remote", "passed", "proxies", "fault"),
    [
        (SITE, "127.0.0.1", "198.51.100.1", 1, None),
        (SITE, "127.0.0.1", None, 1, Fault.UNNAMED),
        (SITE, "127.0.0.1", "unknown", 1, Fault.UNNAMED),
        (SITE, "10.0.0.9", "198.51.100.1", 2, Fault.UNNAMED),
        (SITE, "127.0.0.1", None, 0, Fault.UNBELIEVED),
        (SITE, "10.0.0.9", "198.51.100.1", 0, Fault.UNBELIEVED),
        (SITE, "10.0.0.9", None, 0, None),
        # A stranger who asks without a proxy and speaks of one changes nothing.
        (SITE, "8.8.8.8", "198.51.100.1", 0, None),
        ("127.0.0.1:8000", "127.0.0.1", None, 1, None),
        ("localhost", "127.0.0.1", None, 0, None),
    ],
)
def test_a_request_shows_whether_the_proxies_are_set_up(
    settings: Settings, host: str, remote: str, passed: str | None, proxies: int,
    fault: Fault | None,
) -> None:  # fmt: skip
    settings.PROXIES = proxies
    headers = {} if passed is None else {"X-Forwarded-For": passed}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_HOST=host, headers=headers)

    assert addresses.fault_of(request) is fault


def told(client: Client) -> list[str]:
    return [line for line in client.get("/readyz").json()["reminders"] if "proxy" in line]


@pytest.mark.django_db
def test_readyz_says_that_requests_arrive_without_an_address(
    client: Client, settings: Settings
) -> None:
    settings.PROXIES = 1
    assert told(client) == []

    client.get("/sign-in/", headers={"host": SITE})

    (line,) = told(client)
    assert "X-Forwarded-For" in line
    with translation.override("en"):
        found = list(looks.proxy(PRESENT))
    assert [level for level, answer in found if answer in line] == [Level.BAD]


@pytest.mark.django_db
def test_readyz_says_that_a_proxy_is_not_believed(client: Client, settings: Settings) -> None:
    settings.PROXIES = 0

    client.get("/sign-in/", headers={"host": SITE, "x-forwarded-for": "198.51.100.1"})

    (line,) = told(client)
    assert "BIHUAN_PROXIES is 0" in line


@pytest.mark.django_db
def test_a_proxy_that_is_set_up_is_not_spoken_of(client: Client, settings: Settings) -> None:
    settings.PROXIES = 1

    client.get("/sign-in/", headers={"host": SITE, "x-forwarded-for": "198.51.100.1"})
    client.get("/sign-in/", headers={"host": "127.0.0.1:8000"})

    assert told(client) == []


def test_a_fault_that_was_mended_is_forgotten_within_the_hour() -> None:
    watching.note(Fault.UNNAMED, NOW)

    assert watching.seen(NOW + timedelta(minutes=59)) == [Fault.UNNAMED]
    assert watching.seen(NOW + timedelta(minutes=61)) == []


def test_a_folder_that_is_not_ours_breaks_no_page(settings: Settings, tmp_path: Any) -> None:
    settings.HOUR_KEYS = tmp_path / "open"
    settings.HOUR_KEYS.mkdir(mode=0o755)

    watching.note(Fault.UNNAMED, NOW)

    assert watching.seen(NOW) == []


# ----------------------------------------------------------- where the site lies
def test_no_header_moves_the_site_to_another_path(client: Client) -> None:
    page = client.get("/desk/", headers={"script-name": "/evil"}, SCRIPT_NAME="/evil")

    assert page.headers["Location"] == "/sign-in/?next=/desk/"


def test_the_server_takes_no_path_from_a_header() -> None:
    cfg = _Server("127.0.0.1:8000", 1).cfg

    assert "SCRIPT_NAME" not in cfg.forwarder_headers
    assert cfg.forwarded_allow_ips == []
