"""What time alone causes: once, in order, no matter who does it and however late."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bihuan.clocks.actions import ticking
from bihuan.clocks.actions.ticking import Ticked, tick
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import SubjectType
from bihuan.hazards.actions import rectification, reporting
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.web import timekeeping
from bihuan.web.models import Run
from tests.clock import StoppedClock
from tests.factories import NOW
from tests.hazards.district import DAY, District, assigned, photo, plan, report

pytestmark = pytest.mark.django_db

Execute = Callable[..., Any]

# Assigned on 15 September until the 30th: warnings when 8 and 12 of the 15 days have begun.
HALF = datetime.fromisoformat("2026-09-23T00:00:00+08:00")
LATE = datetime.fromisoformat("2026-10-01T00:00:00+08:00")


def told(member: User) -> list[str]:
    of_clocks = Notice.objects.filter(member=member, cause__startswith="clock/")
    return list(of_clocks.order_by("pk").values_list("what", flat=True))


def test_before_its_time_nothing_happens(district: District) -> None:
    assigned(district)

    assert tick(now=HALF - timedelta(seconds=1)) == Ticked()


def test_whoever_answers_for_a_case_is_warned_at_the_fractions_of_its_term(
    district: District,
) -> None:
    assigned(district)

    assert tick(now=HALF).warnings == 1
    assert tick(now=HALF + 4 * DAY).warnings == 1
    assert told(district.handler) == ["warning", "warning"]
    assert told(district.leader) == []


def test_an_overdue_case_tells_its_officer_and_the_leader_of_its_unit(district: District) -> None:
    case = assigned(district)

    done = tick(now=LATE)

    assert (done.overdue, done.warnings, done.escalations) == (1, 0, 0)
    assert told(district.handler) == ["overdue"]
    assert told(district.town_leader) == ["overdue"]
    assert case.clocks.get(rule_id="HAZ-5").overdue_at == LATE
    last = Entry.objects.filter(chain__subject=case.subject).latest("seq")
    assert (last.act, last.actor) == ("overdue", None)


def test_each_day_late_reports_a_case_one_level_higher_until_the_top(district: District) -> None:
    case = assigned(district)
    tick(now=LATE)

    assert tick(now=LATE + DAY).escalations == 1
    assert told(district.leader) == ["escalation"]
    assert tick(now=LATE + 30 * DAY) == Ticked()
    assert case.clocks.get(rule_id="HAZ-5").next_at is None


def test_days_without_the_worker_lose_and_double_nothing(district: District) -> None:
    case = assigned(district)

    tick(now=LATE + 3 * DAY)
    again = tick(now=LATE + 3 * DAY)

    assert again == Ticked()
    assert told(district.handler) == ["overdue"]
    assert told(district.leader) == ["escalation"]
    acts = Entry.objects.filter(chain__subject=case.subject, actor=None)
    assert list(acts.order_by("seq").values_list("act", flat=True)) == ["overdue", "escalate"]


def test_ticks_in_any_order_come_to_the_same(district: District) -> None:
    assigned(district)

    tick(now=LATE + 3 * DAY)
    tick(now=LATE)
    tick(now=HALF)

    assert told(district.handler) == ["overdue"]
    assert told(district.leader) == ["escalation"]


def test_a_case_that_went_on_is_not_overdue(district: District) -> None:
    case = rectification.start(case=assigned(district), actor=district.handler, now=NOW)
    case.clocks.update(stopped_at=NOW, outcome="met", next_at=None)

    assert tick(now=LATE) == Ticked()


def test_a_report_that_nobody_confirms_comes_to_the_coordinator(district: District) -> None:
    report(district)

    tick(now=NOW + 4 * DAY)

    assert "overdue" in told(district.coordinator)


def test_the_nearest_coordinator_is_told_and_not_the_one_above(district: District) -> None:
    from bihuan.core.powers import Power
    from tests.factories import make_officer

    nearer = make_officer(district.town, Power.COORDINATE)
    report(district)

    tick(now=NOW + 4 * DAY)

    assert "overdue" in told(nearer)
    assert told(district.coordinator) == []


def test_a_bad_clock_is_pushed_back_and_the_others_go_on(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = assigned(district), assigned(district)
    bad.clocks.filter(rule_id="HAZ-5").update(rule_version="no such version")

    done = tick(now=LATE)

    assert (done.failed, done.overdue) == (1, 1)
    assert bad.clocks.get(rule_id="HAZ-5").next_at == LATE + SubjectType.retry_after
    assert good.clocks.get(rule_id="HAZ-5").overdue_at == LATE
    assert "was pushed back" in caplog.text


def test_what_is_foreseen_is_what_a_tick_then_does(district: District) -> None:
    bad, good = assigned(district), assigned(district)
    bad.clocks.filter(rule_id="HAZ-5").update(rule_version="no such version")

    answer = ticking.foresee(now=LATE)

    assert good.clocks.get(rule_id="HAZ-5").overdue_at is None
    assert answer == tick(now=LATE) == Ticked(clocks=1, overdue=1, failed=1)


def test_a_clock_that_somebody_else_claimed_first_is_left_alone(district: District) -> None:
    case = assigned(district)
    theirs: list[Ticked] = []

    def meanwhile(execute: Execute, sql: str, *rest: Any) -> Any:
        """Another worker does all there is to do, between this one's look and its claim."""
        if sql.startswith('UPDATE "clocks_clock"') and not theirs:
            theirs.append(Ticked())
            theirs[0] = tick(now=LATE)
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        ours = tick(now=LATE)

    assert theirs == [Ticked(clocks=1, overdue=1)]
    assert ours == Ticked()
    assert told(district.handler) == ["overdue"]
    acts = Entry.objects.filter(chain__subject=case.subject, act="overdue")
    assert acts.count() == 1


def test_a_clock_that_is_worked_out_again_meanwhile_is_left_alone(district: District) -> None:
    clock = assigned(district).clocks.get(rule_id="HAZ-5")
    holidays: list[str] = []

    def meanwhile(execute: Execute, sql: str, *rest: Any) -> Any:
        """A year of holidays comes between the look and the claim; no time changes by it."""
        if sql.startswith('UPDATE "clocks_clock"') and not holidays:
            holidays.append("came")
            Clock.objects.filter(pk=clock.pk).update(calendar_version="of another year")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        done = tick(now=LATE)

    assert (holidays, done) == (["came"], Ticked())
    clock.refresh_from_db()
    assert clock.overdue_at is None


@pytest.mark.parametrize(
    ("late", "outcome"),
    [
        (timedelta(days=-3), "met"),
        (timedelta(0), "met"),
        (timedelta(microseconds=1), "missed"),
        (3 * DAY, "missed"),
    ],
)
def test_a_clock_that_is_stopped_after_its_end_was_missed(
    district: District, late: timedelta, outcome: str
) -> None:
    case = rectification.start(case=assigned(district), actor=district.handler, now=NOW)
    clock = case.clocks.get(rule_id="HAZ-5")

    rectification.submit(
        case=case, actor=district.handler, now=clock.due_at + late, note="已清理", photos=[photo()]
    )

    clock.refresh_from_db()
    assert (clock.outcome, clock.stopped_at) == (outcome, clock.due_at + late)


def test_a_clock_whose_case_is_given_to_somebody_else_was_neither_met_nor_missed(
    district: District,
) -> None:
    case = assigned(district)

    reporting.assign(case=case, plan=plan(district), actor=district.coordinator, now=NOW + DAY)

    outcomes = case.clocks.filter(rule_id="HAZ-5").order_by("pk")
    assert list(outcomes.values_list("outcome", flat=True)) == ["cancelled", "running"]


def test_more_clocks_than_one_look_takes_are_all_seen_to(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "AT_ONCE", 2)
    for _ in range(5):
        assigned(district)

    assert tick(now=LATE).overdue == 5


def test_the_command_says_what_it_did(
    district: District, capsys: pytest.CaptureFixture[str]
) -> None:
    assigned(district)

    call_command("tick", now="2026-10-01T00:00:00+08:00", json=True)

    assert '"overdue": 1' in capsys.readouterr().out
    with pytest.raises(CommandError, match="--now yesterday"):
        call_command("tick", now="yesterday")


def test_without_the_clock_of_tests_another_instant_is_only_a_question(
    district: District, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TEST_CLOCK = False
    case = assigned(district)
    stored = case.clocks.values(), Entry.objects.values(), Notice.objects.values()
    before = [list(each) for each in stored]

    call_command("tick", now="2026-10-03T00:00:00+08:00", json=True)

    told = json.loads(capsys.readouterr().out)
    assert [list(each.all()) for each in stored] == before
    assert told.pop("dry_run")
    settings.TEST_CLOCK = True
    call_command("tick", now="2026-10-03T00:00:00+08:00", json=True)
    assert json.loads(capsys.readouterr().out) == told
    assert (told["overdue"], told["escalations"]) == (1, 1)


def test_the_machines_own_instant_always_acts(
    district: District,
    settings: Any,
    clock: StoppedClock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TEST_CLOCK = False
    monkeypatch.setattr(timekeeping, "_of_database", lambda: LATE)
    assigned(district)
    clock.at = LATE

    call_command("tick", json=True)

    assert json.loads(capsys.readouterr().out)["overdue"] == 1
    assert told(district.handler) == ["overdue"]


def test_the_clock_of_tests_is_refused_beside_a_secret_of_production(
    district: District, settings: Any
) -> None:
    settings.IS_PRODUCTION = True
    assigned(district)

    with pytest.raises(CommandError, match="BIHUAN_TEST_CLOCK"):
        call_command("tick", now="2026-10-03T00:00:00+08:00")

    assert told(district.handler) == []


def test_the_worker_runs_the_tick_and_records_the_run(district: District) -> None:
    from bihuan.web import work

    assigned(district)

    work.run_due(now=LATE)

    run = Run.objects.get(name="tick")
    assert (run.outcome, run.counts["overdue"]) == (Run.Outcome.DONE, 1)
