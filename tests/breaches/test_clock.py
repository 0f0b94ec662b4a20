"""The clock of the first report: what starts and stops it, and what no grade undoes (PRV-8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.breaches.actions import registration, statements
from bihuan.breaches.models import Breach
from bihuan.clocks.models import Clock
from bihuan.core.breach import Authority, BeforeFound, FoundLater, Grade, StillToCome
from tests.breaches.register import HOUR, MINUTE, Office, a_breach, clock_of, found, tell
from tests.factories import NOW

Outcome = Clock.Outcome


@pytest.mark.parametrize(
    ("grade", "rule", "hours"),
    [(Grade.UNKNOWN, "PRV-8a", 4), (Grade.SERIOUS, "PRV-8a", 4), (Grade.CRITICAL, "PRV-8b", 1)],
)
def test_a_breach_pins_the_rule_and_is_due_from_when_it_was_found(
    office: Office, grade: Grade, rule: str, hours: int
) -> None:
    breach = a_breach(office, grade=grade, now=NOW + HOUR / 2)

    clock = clock_of(breach)
    assert (clock.rule_id, clock.rule_version) == (rule, "2025")
    assert clock.due_at == NOW + hours * HOUR


def test_below_serious_no_clock_runs(office: Office) -> None:
    assert not a_breach(office, grade=Grade.LESSER).clocks.exists()


def test_the_clock_runs_through_the_night_and_the_holiday(office: Office) -> None:
    eve = datetime(2026, 9, 30, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert clock_of(a_breach(office, at=eve)).due_at == eve + 4 * HOUR


def test_a_report_in_time_meets_it_however_late_it_is_recorded(office: Office) -> None:
    breach = a_breach(office)

    tell(breach, office.keeper, NOW + 9 * HOUR, at=NOW + 4 * HOUR)

    clock = clock_of(breach)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, NOW + 4 * HOUR)


def test_a_late_report_stays_late(office: Office) -> None:
    breach = a_breach(office)

    tell(breach, office.keeper, NOW + 4 * HOUR + MINUTE)

    assert clock_of(breach).outcome == Outcome.LATE


def test_for_critical_infrastructure_the_protection_department_and_the_police_are_told(
    office: Office,
) -> None:
    breach = a_breach(office, grade=Grade.CRITICAL)

    tell(breach, office.keeper, NOW + 10 * MINUTE, authority=Authority.CYBERSPACE)
    tell(breach, office.keeper, NOW + 20 * MINUTE, authority=Authority.PROTECTION)
    assert clock_of(breach).outcome == Outcome.RUNNING
    tell(breach, office.keeper, NOW + 30 * MINUTE, authority=Authority.POLICE)

    clock = clock_of(breach)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, NOW + 30 * MINUTE)


def regrade(breach: Breach, office: Office, grade: Grade, now: datetime) -> None:
    statements.grade(breach=breach, grade=grade, reason="复核。", actor=office.keeper, now=now)


def outcomes(breach: Breach) -> list[tuple[str, str]]:
    rows = breach.clocks.order_by("pk")
    return [(row.rule_id, row.outcome) for row in rows]


def test_graded_down_in_time_the_obligation_ends(office: Office) -> None:
    breach = a_breach(office)

    regrade(breach, office, Grade.LESSER, NOW + HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.CANCELLED)]


def test_graded_down_when_overdue_it_stays_missed(office: Office) -> None:
    breach = a_breach(office)

    regrade(breach, office, Grade.LESSER, NOW + 5 * HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.MISSED)]


def test_graded_up_the_shorter_clock_runs_from_the_same_start(office: Office) -> None:
    breach = a_breach(office)

    regrade(breach, office, Grade.CRITICAL, NOW + 2 * HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.CANCELLED), ("PRV-8b", Outcome.RUNNING)]
    assert clock_of(breach).due_at == NOW + HOUR


def test_down_and_up_again_gains_no_time(office: Office) -> None:
    breach = a_breach(office)

    regrade(breach, office, Grade.LESSER, NOW + 3 * HOUR)
    regrade(breach, office, Grade.SERIOUS, NOW + 6 * HOUR)

    assert outcomes(breach)[-1] == ("PRV-8a", Outcome.RUNNING)
    assert clock_of(breach).due_at == NOW + 4 * HOUR


def test_what_was_told_before_it_was_graded_up_counts(office: Office) -> None:
    breach = a_breach(office, grade=Grade.LESSER)
    tell(breach, office.keeper, NOW + HOUR)

    regrade(breach, office, Grade.SERIOUS, NOW + 6 * HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.MET)]


def test_known_to_be_serious_the_same_clock_goes_on(office: Office) -> None:
    breach = a_breach(office)

    regrade(breach, office, Grade.SERIOUS, NOW + HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.RUNNING)]


def test_a_report_that_was_never_made_is_struck_and_the_clock_runs_again(office: Office) -> None:
    breach = a_breach(office)
    tell(breach, office.keeper, NOW + HOUR)
    step = breach.steps.get()

    statements.strike(step=step, reason="误登记。", actor=office.second, now=NOW + 2 * HOUR)

    assert outcomes(breach) == [("PRV-8a", Outcome.MET), ("PRV-8a", Outcome.RUNNING)]
    assert clock_of(breach).due_at == NOW + 4 * HOUR


def test_found_earlier_than_was_stated_it_is_due_earlier_and_never_later(office: Office) -> None:
    breach = a_breach(office, now=NOW + HOUR)
    later = NOW + 2 * HOUR

    def correct(at: datetime) -> None:
        registration.correct(
            breach=breach, found=found(at), reason="查日志。", actor=office.keeper, now=later
        )

    correct(NOW - HOUR)
    assert clock_of(breach).due_at == NOW + 3 * HOUR
    with pytest.raises(FoundLater):
        correct(NOW)
    assert breach.particulars.count() == 2


def test_nothing_is_stated_of_a_time_that_cannot_be(office: Office) -> None:
    with pytest.raises(StillToCome):
        a_breach(office, at=NOW + MINUTE, now=NOW)
    breach = a_breach(office)
    with pytest.raises(StillToCome):
        tell(breach, office.keeper, NOW, at=NOW + MINUTE)
    with pytest.raises(BeforeFound):
        tell(breach, office.keeper, NOW, at=NOW - timedelta(seconds=1))
