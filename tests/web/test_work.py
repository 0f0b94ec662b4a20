"""The worker's jobs: each turn once, a failing one apart, every run written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from bihuan.web import work
from bihuan.web.models import Run
from tests.clock import StoppedClock
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# After a failure the worker takes a new connection, which a transaction around a test forbids.
CLOSES = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_jobs", {})


def counted(made: list[datetime]) -> Callable[[datetime], Mapping[str, int]]:
    def job(now: datetime) -> Mapping[str, int]:
        made.append(now)
        return {"made": 1}

    return job


def broken(now: datetime) -> Mapping[str, int]:
    raise RuntimeError("out of paper")


def test_a_job_runs_once_in_each_turn() -> None:
    made: list[datetime] = []
    work.register("made", counted(made), MINUTE)

    work.run_due(now=NOW)
    work.run_due(now=NOW + timedelta(seconds=20))
    work.run_due(now=NOW + MINUTE)

    assert made == [NOW, NOW + MINUTE]


@CLOSES
def test_a_failing_job_is_written_down_and_leaves_the_others_running(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made: list[datetime] = []
    work.register("broken", broken, MINUTE)
    work.register("made", counted(made), MINUTE)

    work.run_due(now=NOW)

    assert made == [NOW]
    outcomes = dict(Run.objects.values_list("name", "outcome"))
    assert outcomes == {"broken": Run.Outcome.FAILED, "made": Run.Outcome.DONE}
    assert "out of paper" in caplog.text


@CLOSES
def test_a_job_without_a_good_run_is_missed(caplog: pytest.LogCaptureFixture) -> None:
    work.register("broken", broken, MINUTE)
    work.register("made", counted([]), MINUTE)

    work.run_due(now=NOW)

    with translation.override("en"):
        assert list(work.missed(now=NOW)) == ["broken has never run successfully"]


def test_a_job_that_waits_behind_a_long_one_is_not_missed_yet() -> None:
    work.register("made", counted([]), timedelta(seconds=5))
    work.run_due(now=NOW)

    assert not list(work.missed(now=NOW + timedelta(minutes=2)))
    assert list(work.missed(now=NOW + timedelta(minutes=4)))


def test_a_worker_that_stands_still_is_one_line_with_the_time_of_its_last_run() -> None:
    for name in ("made", "mailed", "counted"):
        work.register(name, counted([]), MINUTE)

    with translation.override("en"):
        assert list(work.missed(now=NOW)) == ["nothing has run yet"]
        work.run_due(now=NOW)
        found = list(work.missed(now=NOW + timedelta(hours=2)))

    assert found == [f"nothing has run since {timezone.localtime(NOW).isoformat()}"]


@CLOSES
def test_a_job_that_fails_while_others_run_is_named_with_its_last_good_run() -> None:
    work.register("made", counted([]), MINUTE)
    work.register("broken", broken, MINUTE)
    Run.objects.create(name="broken", turn_at=NOW, started_at=NOW, outcome=Run.Outcome.DONE)
    later = NOW + timedelta(hours=2)

    work.run_due(now=later)

    with translation.override("en"):
        found = list(work.missed(now=later))
    assert found == [f"broken has not run since {timezone.localtime(NOW).isoformat()}"]


def test_once_runs_every_job_whoever_took_its_turn(
    capsys: pytest.CaptureFixture[str], clock: StoppedClock
) -> None:
    made: list[datetime] = []
    work.register("made", counted(made), timedelta(days=1))
    call_command("work", once=True)
    clock.wait(timedelta(seconds=1))

    call_command("work", once=True)

    assert len(made) == 2
    assert "made: done, 1 made" in capsys.readouterr().out


@CLOSES
def test_once_says_by_its_status_that_a_job_failed(caplog: pytest.LogCaptureFixture) -> None:
    work.register("broken", broken, MINUTE)

    with pytest.raises(SystemExit) as ended:
        call_command("work", once=True)

    assert ended.value.code == 1


LONG, URGENT = work.Lane.LONG, work.Lane.URGENT


def test_a_lane_runs_its_own_jobs_only() -> None:
    made: list[datetime] = []
    imported: list[datetime] = []
    work.register("made", counted(made), MINUTE, lane=URGENT)
    work.register("imported", counted(imported), MINUTE, lane=LONG)

    work.run_due(now=NOW, lanes=[URGENT])

    assert (made, imported) == ([NOW], [])


def test_a_job_behind_a_long_one_of_its_lane_is_not_missed() -> None:
    work.register("tick", counted([]), MINUTE, lane=URGENT)
    work.register("exports", counted([]), MINUTE, lane=LONG)
    work.register("imports", counted([]), MINUTE, lane=LONG)
    Run.objects.create(name="imports", turn_at=NOW, started_at=NOW)
    hour_later = NOW + timedelta(hours=1)

    work.run_due(now=hour_later, lanes=[URGENT])

    assert not list(work.missed(now=hour_later))


def test_a_lane_that_stands_still_is_named_while_another_runs() -> None:
    work.register("tick", counted([]), MINUTE, lane=URGENT)
    work.register("exports", counted([]), MINUTE, lane=LONG)
    work.register("imports", counted([]), MINUTE, lane=LONG)
    work.run_due(now=NOW)
    hour_later = NOW + timedelta(hours=1)

    work.run_due(now=hour_later, lanes=[LONG])

    with translation.override("en"):
        found = list(work.missed(now=hour_later))
    since = timezone.localtime(NOW).isoformat()
    assert found == [f"the lane “urgent” has run nothing since {since}"]


def test_a_long_run_that_was_broken_off_hides_nothing_for_ever() -> None:
    work.register("exports", counted([]), MINUTE, lane=LONG)
    Run.objects.create(name="exports", turn_at=NOW, started_at=NOW)

    assert not list(work.missed(now=NOW + timedelta(hours=2)))
    assert list(work.missed(now=NOW + timedelta(hours=3)))


def test_once_takes_the_lanes_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    work.register("tick", counted([]), MINUTE, lane=URGENT)
    work.register("imports", counted([]), MINUTE, lane=LONG)

    call_command("work", "--once", "--lane", "urgent")

    assert "tick: done" in (output := capsys.readouterr().out)
    assert "imports" not in output
