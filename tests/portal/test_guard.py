"""Spam and guessing are held off, and nothing of an address is kept."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from bihuan.cases.models import Case
from bihuan.files import unsent
from bihuan.portal import guard, tokens
from bihuan.portal.guard import TooMany, Tried
from bihuan.portal.views import receipt
from bihuan.tallies import counting, hour_keys
from bihuan.tallies.models import Tally
from bihuan.web import work
from bihuan.web.management.commands.serve import NoAddresses, _Server
from tests.clock import PRESENT
from tests.factories import NOW
from tests.portal.conftest import County
from tests.portal.visitor import Visitor, opened, worked

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"
HOUR = timedelta(hours=1)


def request_from(address: str = ADDRESS, **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def tried(times: int, request: HttpRequest, what: Tried = Tried.GUESS, now: datetime = NOW) -> None:
    for _ in range(times):
        guard.note(what, request, now)


# --------------------------------------------------------------------- tallies
def test_what_comes_too_often_from_one_address_waits() -> None:
    request, most = request_from(), guard.MOST[Tried.GUESS]
    tried(most - 1, request)
    guard.require_room(Tried.GUESS, request, NOW)

    tried(1, request)

    with pytest.raises(TooMany):
        guard.require_room(Tried.GUESS, request, NOW)
    guard.require_room(Tried.GUESS, request_from("203.0.113.78"), NOW)
    guard.require_room(Tried.SAY, request, NOW)


def test_exactly_so_many_are_admitted_and_a_refusal_counts_for_nothing() -> None:
    request, most = request_from(), guard.MOST[Tried.PHOTO]
    tried(most - 1, request, Tried.PHOTO)

    guard.admit(Tried.PHOTO, request, NOW)

    for share in (1, 4):
        with pytest.raises(TooMany):
            guard.admit(Tried.PHOTO, request, NOW, share=share)
    assert Tally.objects.get().count == most


def test_a_process_remembers_the_key_of_this_hour_and_no_other() -> None:
    for hours in range(3):
        tried(1, request_from(), now=NOW + hours * HOUR)
    assert list(counting._known) == [NOW.replace(minute=0, second=0, microsecond=0) + 2 * HOUR]

    counting.forget(NOW + 3 * HOUR)
    assert not counting._known


def test_the_next_hour_begins_anew_under_another_key() -> None:
    tried(guard.MOST[Tried.GUESS], request_from())

    guard.require_room(Tried.GUESS, request_from(), NOW + HOUR)

    assert Tally.objects.values("mark").distinct().count() == 1
    assert hour_keys.of(NOW) != hour_keys.of(NOW + HOUR)


def test_addresses_stand_nowhere_and_the_keys_go_within_hours(settings: Settings) -> None:
    tried(3, request_from())

    row = Tally.objects.get()
    plain = {hashlib.sha256(text.encode()).digest() for text in (ADDRESS, f"guess/{ADDRESS}")}
    assert row.count == 3
    assert bytes(row.mark) not in plain
    assert ADDRESS not in f"{row.__dict__}"

    assert counting.forget(NOW + HOUR) == 1
    assert not Tally.objects.exists()
    assert not (settings.HOUR_KEYS / "2026091502").exists()


def test_the_worker_forgets_every_hour() -> None:
    job = next(job for job in work.jobs() if job.name == "forget tallies and drafts")

    assert job.every == HOUR
    tried(1, request_from(), now=NOW - HOUR)
    assert job.function(NOW) == {"tallies": 1, "photos": 0, "forms": 0}


def test_no_column_of_the_portal_or_of_a_case_could_hold_an_address() -> None:
    from django.db import models

    kinds = [
        f"{model.__name__}.{field.name}"
        for app in ("portal", "tallies", "cases", "grievances", "mediations", "hazards")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.GenericIPAddressField)
    ]

    assert kinds == []


# ------------------------------------------------------------- a little work
def test_work_is_a_hash_that_begins_with_zeros() -> None:
    answer = worked("challenge")

    assert guard.is_worked("challenge", answer)
    assert not guard.is_worked("another", answer)
    assert not guard.is_worked("", answer)
    assert not guard.is_worked("challenge", "0" * 21)
    assert not guard.is_worked("challenge", "１")


def test_without_a_script_fewer_reports_are_taken_and_nothing_typed_is_lost(
    county: County, visitor: Visitor, settings: Settings
) -> None:
    settings.REPORTS_PER_HOUR = 4
    assert visitor.report("hazard", *county.steps()).code

    page = visitor.report("hazard", *county.steps(title="第二个隐患"))

    assert (page.status, page.is_told, page.code) == (429, True, "")
    assert page.values["title"] == ["第二个隐患"]
    key = opened()
    assert visitor.send_off("hazard", page, form=key, work=worked(key)).code
    assert Case.objects.count() == 2


# --------------------------------------------------- honeypot and haste
def test_a_robot_that_fills_every_field_is_told_and_makes_no_case(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())

    page = visitor.send_off("hazard", page, website="https://spam.example")

    assert page.is_told
    assert not Case.objects.exists()
    assert visitor.send_off("hazard", page, website="").code


def test_what_is_sent_faster_than_anybody_reads_is_sent_again(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())

    page = visitor.send_off("hazard", page, form=tokens.new(PRESENT))

    assert page.is_told
    assert not Case.objects.exists()
    assert page.values["title"] == ["桥头路灯坏了"]
    assert visitor.send_off("hazard", page).code


# --------------------------------------------------------------------- no trace
def test_no_line_of_a_log_names_where_a_report_came_from(
    county: County, caplog: pytest.LogCaptureFixture, visitor: Visitor
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(REMOTE_ADDR=ADDRESS, raise_request_exception=False)

    code = visitor.report("hazard", *county.steps()).code
    visitor.track(code)
    visitor.track("1234 1234 1234 1234")
    visitor.get("/nowhere/")

    assert caplog.records
    assert ADDRESS not in caplog.text
    assert code not in caplog.text


def test_the_server_writes_no_access_log_and_no_address_of_what_makes_no_sense(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = _Server("127.0.0.1:8000", 1)
    log = NoAddresses(server.cfg)
    log.error_log.propagate = True

    log.warning(f"Invalid request from ip={ADDRESS}: Invalid HTTP method")

    assert server.cfg.accesslog is None
    assert server.cfg.logger_class is NoAddresses
    assert "Invalid HTTP method" in caplog.text
    assert ADDRESS not in caplog.text


def test_whoever_looks_is_given_no_cookie_but_the_language(
    county: County, visitor: Visitor
) -> None:
    visitor.get("/")
    visitor.get("/report/hazard/", language="en")

    assert set(visitor.client.cookies) == {"bihuan_language"}


def test_whoever_reports_is_given_what_leads_to_the_receipt_and_is_soon_forgotten(
    county: County, visitor: Visitor
) -> None:
    visitor.report("hazard", *county.steps())
    given = visitor.client.cookies
    # What the form was read by on its way: see test_report_steps.
    given.pop(unsent.COOKIE)

    assert set(given) == {receipt.KEEPS, receipt.COOKIE}
    assert given[receipt.KEEPS].value == "1"
    assert given[receipt.COOKIE]["max-age"] == 30 * 60
    assert given[receipt.COOKIE]["path"] == "/receipt/"
    assert all(each["httponly"] and each["samesite"] == "Strict" for each in given.values())
