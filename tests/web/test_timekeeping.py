"""A clock that jumps: what is done for good waits until somebody says the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.core.timekeeping import Jump
from bihuan.journal.models import Anchor, Entry
from bihuan.receipts.actions import seals
from bihuan.web import timekeeping, work
from bihuan.web.models import TimeSeen
from tests.clock import PRESENT, StoppedClock
from tests.factories import make_officer, make_unit

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FAR = 200 * DAY


@pytest.fixture(autouse=True)
def guarded(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a real installation; the database's clock is that of the tests, which stands still."""
    settings.TEST_CLOCK = False
    monkeypatch.setattr(timekeeping, "_of_database", lambda: None)


@pytest.fixture
def did(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What two jobs did: one for good, one harmless at any time."""
    done: list[str] = []

    def job(name: str) -> Callable[[datetime], Mapping[str, int]]:
        def do(now: datetime) -> Mapping[str, int]:
            done.append(name)
            return {}

        return do

    monkeypatch.setattr(work, "_jobs", {})
    work.register("for good", job("for good"), MINUTE)
    work.register("harmless", job("harmless"), MINUTE, at_any_time=True)
    return done


@pytest.mark.parametrize("jump", [FAR, -DAY], ids=["ahead", "back"])
def test_what_is_done_for_good_stops_when_time_jumps(did: list[str], jump: timedelta) -> None:
    work.run_due(now=PRESENT)
    did.clear()

    work.run_due(now=PRESENT + jump)
    work.run_all(now=PRESENT + jump + MINUTE)

    assert did == ["harmless", "harmless"]
    assert TimeSeen.objects.get().seen_at == PRESENT


def test_all_goes_on_by_itself_when_the_clock_is_put_right(did: list[str]) -> None:
    work.run_due(now=PRESENT)
    work.run_due(now=PRESENT + FAR)
    did.clear()

    work.run_due(now=PRESENT + 2 * MINUTE)

    assert did == ["for good", "harmless"]


def test_a_weekend_without_the_worker_is_no_jump(did: list[str]) -> None:
    work.run_due(now=PRESENT)
    did.clear()

    work.run_due(now=PRESENT + 2 * DAY)

    assert did == ["for good", "harmless"]


def test_a_wrong_clock_erases_seals_and_escalates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[datetime] = []

    def erase_due(*, now: datetime) -> int:
        erased.append(now)
        return 0

    monkeypatch.setattr(seals, "erase_due", erase_due)
    work.run_all(now=PRESENT)
    before = (len(erased), Anchor.objects.count(), Entry.objects.count())

    work.run_all(now=PRESENT + FAR)

    assert (len(erased), Anchor.objects.count(), Entry.objects.count()) == before


def test_readiness_says_it_and_no_job_that_waits_is_missed(
    client: Client, clock: StoppedClock, did: list[str]
) -> None:
    work.run_all(now=PRESENT)
    clock.wait(FAR)
    work.run_all(now=clock.at)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    (reason,) = answer.json()["reasons"]
    assert reason.startswith("clock: The clock of this machine says ")
    assert "bihuan accept-time" in reason


def test_administrators_see_it_on_today_and_nobody_else(
    client: Client, clock: StoppedClock, did: list[str]
) -> None:
    unit = make_unit()
    work.run_all(now=PRESENT)
    clock.wait(-DAY)

    for power in (Power.ADMINISTER, Power.HANDLE):
        client.force_login(make_officer(unit, power))
        said = client.get(reverse("desk:today")).content.decode()
        assert ("accept-time" in said) is (power is Power.ADMINISTER)


def test_somebody_says_the_time_and_the_work_goes_on(clock: StoppedClock, did: list[str]) -> None:
    work.run_all(now=PRESENT)
    clock.wait(FAR)
    said = (clock.at + 2 * MINUTE).isoformat()

    call_command("accept_time", said)

    did.clear()
    work.run_all(now=clock.at + MINUTE)
    assert did == ["for good", "harmless"]
    entry = Entry.objects.get(act="accept_time")
    assert datetime.fromisoformat(entry.details["last"]) == PRESENT


def test_a_time_that_is_not_the_machines_is_not_accepted(
    clock: StoppedClock, did: list[str]
) -> None:
    work.run_all(now=PRESENT)
    clock.wait(FAR)

    with pytest.raises(CommandError, match=r"\d{4}-\d\d-\d\d"):
        call_command("accept_time", PRESENT.isoformat())

    assert TimeSeen.objects.get().seen_at == PRESENT
    assert not Entry.objects.filter(act="accept_time").exists()


def test_clocks_of_two_machines_that_differ_are_never_accepted(
    monkeypatch: pytest.MonkeyPatch, did: list[str]
) -> None:
    monkeypatch.setattr(timekeeping, "_of_database", lambda: PRESENT - FAR)

    work.run_all(now=PRESENT)

    assert did == ["harmless"]
    with pytest.raises(timekeeping.TimeJumped) as refused:
        timekeeping.accept(at=PRESENT, now=PRESENT)
    assert refused.value.jump is Jump.APART


@pytest.mark.postgres
def test_the_database_is_asked_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    at = timekeeping._of_database()

    assert connection.vendor == "postgresql"
    assert at is not None
    assert at.tzinfo is not None


def test_tick_refuses_a_time_that_jumped(clock: StoppedClock, did: list[str]) -> None:
    work.run_all(now=PRESENT)
    clock.wait(FAR)

    with pytest.raises(CommandError, match="accept-time"):
        call_command("tick")


def test_the_test_clock_switches_the_guard_off_but_never_in_production(
    settings: Any, did: list[str]
) -> None:
    work.run_all(now=PRESENT)
    settings.TEST_CLOCK = True

    assert timekeeping.held(now=PRESENT + FAR) is None

    settings.IS_PRODUCTION = True
    assert timekeeping.held(now=PRESENT + FAR) is not None


def test_no_day_is_sealed_by_a_clock_that_jumped(clock: StoppedClock, did: list[str]) -> None:
    work.run_all(now=PRESENT)
    clock.wait(FAR)

    with pytest.raises(CommandError, match="accept-time"):
        call_command("journal", "anchor", clock.at.date().isoformat())

    assert not Anchor.objects.exists()
