"""Whether the site is alive and ready, and what it says when it is not."""

from __future__ import annotations

import errno

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from bihuan.web import looks, readiness, work
from bihuan.web.outages import Outage, outage
from tests.clock import PRESENT
from tests.factories import NOW


def breaks(request: HttpRequest, how: str) -> HttpResponse:
    """A page that fails as asked."""
    if how == "database":
        raise OperationalError("the server closed the connection unexpectedly")
    if how == "disk":
        raise OSError(errno.ENOSPC, "No space left on device")
    raise RuntimeError("a fault of our own")


breaks.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("breaks/<slug:how>/", breaks)]
handler500 = "bihuan.web.views.failed"


def test_alive_answers_without_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_says_what_is_missing(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "worker: nothing has run yet" in answer.json()["reasons"]


@pytest.mark.django_db
def test_ready_once_the_worker_has_run(client: Client) -> None:
    work.run_all(now=PRESENT)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json()["ready"], answer.json()["reasons"]) == (True, [])


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "LEAST_FREE_BYTES", 1 << 62)

    assert any("free for media" in reason for reason in readiness.reasons_not_ready(now=NOW))


@pytest.mark.parametrize(
    ("how", "status", "text"),
    [("database", 503, b"60"), ("disk", 503, b"60"), ("ourselves", 500, b"")],
)
def test_a_fault_gives_a_page_that_says_whether_waiting_helps(
    how: str, status: int, text: bytes
) -> None:
    client = Client(raise_request_exception=False)

    with override_settings(ROOT_URLCONF="tests.web.test_health"):
        answer = client.get(f"/breaks/{how}/")

    assert answer.status_code == status
    assert answer.headers.get("Retry-After", "").encode() == text
    assert b"Traceback" not in answer.content


def test_an_outage_is_seen_through_what_was_raised_from_it() -> None:
    wrapped = RuntimeError()
    wrapped.__cause__ = OperationalError("database or disk is full")

    assert outage(wrapped) is Outage.DISK
    assert outage(OperationalError("gone")) is Outage.DATABASE
    assert outage(ValueError()) is None


def test_every_answer_forbids_what_is_not_ours(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@override_settings(DEBUG=True)
def test_only_django_s_own_pages_about_a_fault_have_styles_inside(client: Client) -> None:
    assert "Content-Security-Policy" in client.get("/healthz").headers
    assert "Content-Security-Policy" not in client.get("/open/nothing-of-the-kind").headers


@pytest.mark.parametrize("command", ["serve", "work"])
@pytest.mark.parametrize(
    ("setting", "empty"), [("SECRET_KEY", ""), ("SEAL_KEYS", [])], ids=["secret", "seal"]
)
def test_nothing_starts_without_its_keys_and_it_says_how_to_make_them(
    command: str, setting: str, empty: object
) -> None:
    with (
        override_settings(**{setting: empty}),
        pytest.raises(CommandError, match=f"BIHUAN_{setting} is not set; make one with: python3"),
    ):
        call_command(command)
    assert configured.SECRET_KEY


def test_readiness_names_every_missing_key_at_once() -> None:
    with (
        override_settings(SECRET_KEY="", SEAL_KEYS=[]),
        pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY.*SEAL_KEYS"),
    ):
        readiness.require_secrets()
