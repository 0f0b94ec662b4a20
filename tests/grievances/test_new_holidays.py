"""Clocks that reach into a year not loaded, and what becomes of them when it is loaded."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from bihuan.calendars.actions import load_year
from bihuan.cases.models import Case
from bihuan.clocks.actions import holidays
from bihuan.clocks.actions.holidays import WorkedOut, work_out_again
from bihuan.clocks.actions.running import of, times
from bihuan.clocks.actions.ticking import tick
from bihuan.clocks.models import Clock
from bihuan.core.grievance import Stage
from bihuan.core.holidays import parse
from bihuan.grievances.actions import transfers
from bihuan.hazards.models import Hazard
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.notices.models import Notice
from bihuan.receipts.models import Message
from bihuan.web import work
from tests.at_once import at_once
from tests.conftest import CountQueries
from tests.grievances.offices import DAY, Realm, bring, make_realm, read, running
from tests.hazards.district import assigned, make_district

pytestmark = pytest.mark.django_db

# Wednesday and Thursday, ten in the morning in Shanghai; 2027 is not published.
DECEMBER = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
JANUARY = datetime(2027, 1, 28, 2, 0, tzinfo=UTC)
EIGHTH = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)
LOADED = datetime(2027, 1, 29, 2, 0, tzinfo=UTC)
OFF = (
    *("2027-01-01", "2027-01-02", "2027-01-03"),
    *(f"2027-02-{day:02}" for day in range(5, 12)),
)
WORKED = ("2027-01-30", "2027-02-14")


def load(*, now: datetime = LOADED, off: tuple[str, ...] = OFF) -> None:
    days = [{"name": "春节", "date": day, "isOffDay": True} for day in off]
    days += [{"name": "春节", "date": day, "isOffDay": False} for day in WORKED]
    published = parse({"year": 2027, "papers": ["https://example.org/2027"], "days": days})
    load_year(jurisdiction="CN", published=published, actor=None, now=now)


def passed_on(realm: Realm, now: datetime) -> Case:
    """PET-7 runs: five working days to object."""
    return transfers.transfer(
        case=bring(realm.county, now=now), actor=realm.county.coordinator, now=now,
        unit=realm.bureau.unit, note="住房建设事项由住建局办理。",
    )  # fmt: skip


def answered(realm: Realm, now: datetime) -> Case:
    """PET-10 runs: thirty days to ask for a review."""
    case = bring(realm.town, Stage.REPLIED, now=now)
    read(case, now)
    return case


def due(clock: Clock) -> str:
    return clock.due.in_text()


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


# ------------------------------------------------------------------------- start
def test_a_move_that_starts_working_days_goes_through_and_takes_the_earlier_end(
    realm: Realm,
) -> None:
    case = passed_on(realm, DECEMBER)

    objection = running(case)["PET-7"]
    assert objection.due_at == local("2027-01-07T23:59:59")
    assert objection.is_provisional
    assert objection.calendar_version
    assert objection.next_at is not None


def test_the_window_of_a_person_takes_the_later_end_and_warns_and_closes_by_it(
    realm: Realm,
) -> None:
    case = answered(realm, EIGHTH)
    window = running(case)["PET-10"]

    assert window.due_at == local("2027-02-14T23:59:59")
    assert window.is_provisional
    tick(now=local("2027-02-14T12:00:00"))
    assert "PET-10" in running(case)
    tick(now=local("2027-02-15T00:00:01"))
    assert "PET-10" not in running(case)


def test_what_holidays_cannot_move_is_certain(realm: Realm) -> None:
    case = bring(realm.town, Stage.ACCEPTED, now=DECEMBER)

    conclude = running(case)["PET-8"]
    assert conclude.due_at == local("2027-02-28T23:59:59")
    assert not conclude.is_provisional
    assert conclude.calendar_version == ""
    assert not Case.objects.get(pk=case.pk).is_due_provisional


def test_the_case_is_provisional_as_its_first_clock_is(realm: Realm) -> None:
    case = passed_on(realm, JANUARY)

    first = min(running(case).values(), key=lambda clock: clock.due_at)
    assert (first.rule_id, first.is_provisional) == ("PET-7", True)
    stored = Case.objects.get(pk=case.pk)
    assert stored.due == first.due


# ----------------------------------------------------------------------- loading
def test_loading_the_year_makes_a_provisional_end_certain_and_journals_it(realm: Realm) -> None:
    case = passed_on(realm, DECEMBER)
    load(now=DECEMBER + DAY)

    done = work_out_again(now=DECEMBER + DAY)

    assert (done.moved, done.failed) == (0, 0)
    objection = running(case)["PET-7"]
    assert objection.due_at == local("2027-01-07T23:59:59")
    assert not objection.is_provisional
    entry = Entry.objects.filter(chain__subject=case.subject).latest("seq")
    assert (entry.act, entry.actor) == ("recalculate", None)
    assert entry.details["rule"] == "PET-7"
    assert "was" not in entry.details
    assert verify().ok


def test_a_window_that_moved_is_told_to_its_person(realm: Realm) -> None:
    case = answered(realm, EIGHTH)
    load()

    done = work_out_again(now=LOADED)

    assert done.moved == 1
    window = running(case)["PET-10"]
    assert window.due_at == local("2027-02-12T23:59:59")
    assert not window.is_provisional
    message = Message.objects.filter(case=case).latest("pk")
    assert (message.what, message.detail) == ("window_moved", {"until": "2027-02-12"})
    entry = Entry.objects.filter(chain__subject=case.subject).latest("seq")
    assert (entry.details["was"], entry.details["until"]) == ("2027-02-14?", "2027-02-12")


def test_staff_are_told_of_less_time_and_not_of_more(realm: Realm) -> None:
    case = passed_on(realm, JANUARY)
    assert running(case)["PET-7"].due_at == local("2027-02-04T23:59:59")
    load()

    work_out_again(now=LOADED)

    # Saturday 30 January is worked.
    assert running(case)["PET-7"].due_at == local("2027-02-03T23:59:59")
    assert Notice.objects.filter(what="moved", member=realm.bureau.coordinator).count() == 1
    assert Case.objects.get(pk=case.pk).due_at == local("2027-02-03T23:59:59")

    load(off=(*OFF, "2027-01-29"), now=LOADED + DAY)
    work_out_again(now=LOADED + DAY)

    assert running(case)["PET-7"].due_at == local("2027-02-04T23:59:59")
    assert Notice.objects.filter(what="moved").count() == 1


def test_every_clock_comes_to_what_a_fresh_one_gets(realm: Realm) -> None:
    started = [DECEMBER + timedelta(days=days) for days in range(0, 60, 7)]
    cases = [passed_on(realm, now) for now in started]
    cases += [answered(realm, now) for now in started]
    load(now=DECEMBER + 90 * DAY)

    work_out_again(now=DECEMBER + 90 * DAY)

    rows = Clock.objects.filter(subject__in=[case.subject for case in cases], stopped_at=None)
    assert rows.filter(rule_id__in=["PET-7", "PET-10"]).count() == 2 * len(started)
    for row in rows:
        fresh = times(of(row), row.seen_at)
        assert (row.due_at, row.is_provisional, row.next_at, row.calendar_version) == (
            fresh.due_at, False, fresh.next_at, fresh.calendar_version,
        )  # fmt: skip


def test_a_second_run_changes_nothing_and_costs_one_look(
    realm: Realm, count_queries: CountQueries
) -> None:
    answered(realm, EIGHTH)
    load()
    work_out_again(now=LOADED)
    entries, messages = Entry.objects.count(), Message.objects.count()

    with count_queries() as queries:
        again = work_out_again(now=LOADED + DAY)

    assert again == WorkedOut()
    # The calendars of four jurisdictions; the clocks that run, and those that are provisional.
    assert len(queries) <= 6
    assert (Entry.objects.count(), Message.objects.count()) == (entries, messages)


def test_many_clocks_are_taken_in_batches(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        answered(realm, EIGHTH)
    load()
    monkeypatch.setattr(holidays, "AT_ONCE", 2)

    done = work_out_again(now=LOADED)

    assert done.moved == 5
    assert not Clock.objects.filter(is_provisional=True).exists()


def test_a_clock_that_cannot_be_worked_out_leaves_the_others_alone(realm: Realm) -> None:
    broken, sound = answered(realm, EIGHTH), answered(realm, EIGHTH)
    broken.clocks.filter(rule_id="PET-10").update(events=[])
    load()

    done = work_out_again(now=LOADED)

    assert (done.moved, done.failed) == (1, 1)
    assert not running(sound)["PET-10"].is_provisional


# ------------------------------------------------------------------------ repair
def test_a_clock_that_fell_back_quietly_is_put_right(realm: Realm) -> None:
    case = answered(realm, EIGHTH)
    # As earlier releases left it: the unrolled day, and nothing that would ever come next.
    unrolled = local("2027-02-07T23:59:59")
    case.clocks.filter(rule_id="PET-10").update(
        due_at=unrolled, is_provisional=False, calendar_version="", next_at=None
    )

    work_out_again(now=LOADED)

    assert due(running(case)["PET-10"]).endswith("?")
    load()
    work_out_again(now=LOADED + DAY)
    window = running(case)["PET-10"]
    assert window.due_at == local("2027-02-12T23:59:59")
    assert window.next_at is not None


def test_one_that_was_overdue_too_early_is_not_overdue_any_more(realm: Realm) -> None:
    case = passed_on(realm, DECEMBER)
    tick(now=local("2027-01-08T08:00:00"))
    assert running(case)["PET-7"].overdue_at is not None
    load(off=(*OFF, "2027-01-07"), now=local("2027-01-08T09:00:00"))

    work_out_again(now=local("2027-01-08T09:00:00"))

    objection = running(case)["PET-7"]
    assert objection.due_at == local("2027-01-08T23:59:59")
    assert objection.overdue_at is None
    assert objection.next_at == local("2027-01-09T00:00:00")


def test_one_that_ran_out_by_the_new_holidays_becomes_overdue_at_the_next_tick(
    realm: Realm,
) -> None:
    case = passed_on(realm, JANUARY)
    now = local("2027-02-04T10:00:00")
    tick(now=now)
    load(now=now)

    work_out_again(now=now)
    done = tick(now=now)

    assert done.overdue == 1
    assert running(case)["PET-7"].overdue_at == local("2027-02-04T00:00:00")


def test_what_was_judged_by_a_provisional_end_is_judged_again(realm: Realm) -> None:
    case = passed_on(realm, DECEMBER)
    transfers.take_over(case=case, actor=realm.bureau.coordinator, now=local("2027-01-08T10:00:00"))
    stopped = case.clocks.get(rule_id="PET-7")
    assert (stopped.outcome, stopped.is_provisional) == ("missed", True)
    load(off=(*OFF, "2027-01-07"))

    work_out_again(now=LOADED)

    stopped.refresh_from_db()
    assert (stopped.outcome, stopped.is_provisional) == ("met", False)
    assert (stopped.overdue_at, stopped.next_at) == (None, None)


def test_one_that_stands_still_is_left_until_it_runs_again(realm: Realm) -> None:
    case = answered(realm, EIGHTH)
    case.clocks.exclude(rule_id="PET-10").delete()
    row = running(case)["PET-10"]
    still = {"act": "suspend", "at": LOADED.isoformat(), "note": "听证"}
    Clock.objects.filter(pk=row.pk).update(events=[*row.events, still], next_at=None)
    load()

    done = work_out_again(now=LOADED + DAY)

    row.refresh_from_db()
    assert done.failed == 0
    assert (row.due_at, row.is_provisional) == (local("2027-02-14T23:59:59"), False)


# ----------------------------------------------------------------------- who does it
def test_the_command_works_them_out_at_once(
    realm: Realm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = answered(realm, EIGHTH)
    days = [{"name": "春节", "date": day, "isOffDay": True} for day in OFF]
    file = tmp_path / "2027.json"
    file.write_text(json.dumps({"year": 2027, "papers": [], "days": days}), encoding="utf-8")

    call_command("load_calendar", str(file), "--confirmed")

    assert not running(case)["PET-10"].is_provisional
    assert "1" in capsys.readouterr().out.splitlines()[-1]


def test_the_worker_follows_the_years_of_a_release(realm: Realm) -> None:
    case = answered(realm, EIGHTH)
    # A release that knew less than this one.
    case.clocks.filter(rule_id="PET-10").update(calendar_version="0123456789ab")

    runs = {run.name: run for run in work.run_due(now=LOADED)}

    assert runs["follow holidays"].counts["clocks"] == 1


def test_an_imported_deadline_is_the_day_of_the_ledger_and_never_provisional() -> None:
    case = assigned(make_district())

    clock = case.clocks.get(rule_id="HAZ-5")
    assert (clock.is_provisional, clock.calendar_version) == (False, "")
    assert Hazard.objects.filter(case=case).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_nothing_twice() -> None:
    realm = make_realm()
    cases = [answered(realm, EIGHTH) for _ in range(6)]
    load()

    done = at_once(*[lambda: work_out_again(now=LOADED)] * 2)

    assert all(isinstance(each, WorkedOut) for each in done)
    assert sum(each.moved for each in done if isinstance(each, WorkedOut)) == 6
    for case in cases:
        acts = Entry.objects.filter(chain__subject=case.subject, act="recalculate")
        assert acts.count() == 1
        assert Message.objects.filter(case=case, what="window_moved").count() == 1
    assert verify().ok
