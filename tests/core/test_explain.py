"""A deadline derived day by day leads to the deadline, and says why each day counts."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bihuan.core import clocks, deadlines, rules
from bihuan.core.clocks import Clock
from bihuan.core.explain import Day, DayKind, Role, explain, explain_target
from bihuan.core.rules import Unit
from bihuan.core.workdays import YearNotLoaded
from tests.core.calendars import china
from tests.core.test_deadlines import histories

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _clock(rule_id: str, text: str) -> Clock:
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return clocks.start(rules.rule(rule_id, on=at.date()), at, zone=SHANGHAI)


def _kinds(days: tuple[Day, ...]) -> list[tuple[int, Role, DayKind, int | None]]:
    return [(day.date.day, day.role, day.kind, day.number) for day in days]


def test_calendar_days_count_through_national_day() -> None:
    explanation = explain(_clock("PET-5", "2025-09-26T09:00"), china())

    holidays = [day for day in explanation.days if day.kind is DayKind.HOLIDAY]
    assert [day.date.day for day in holidays] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(day.counted and day.holiday == "国庆节、中秋节" for day in holidays)
    assert explanation.days[0] == Day(date(2025, 9, 26), Role.START, DayKind.WORKDAY)
    assert explanation.days[-1] == Day(
        date(2025, 10, 11), Role.COUNTED, DayKind.MAKEUP_WORKDAY, 15, "国庆节、中秋节"
    )


def test_a_last_day_in_a_holiday_rolls_day_by_day() -> None:
    explanation = explain(_clock("PET-5", "2025-09-20T09:00"), china())

    assert _kinds(explanation.days)[-5:] == [
        (5, Role.COUNTED, DayKind.HOLIDAY, 15),
        (6, Role.ROLLED_OVER, DayKind.HOLIDAY, None),
        (7, Role.ROLLED_OVER, DayKind.HOLIDAY, None),
        (8, Role.ROLLED_OVER, DayKind.HOLIDAY, None),
        (9, Role.ROLLED_TO, DayKind.WORKDAY, None),
    ]


def test_working_days_leave_out_holidays_and_weekends_and_count_make_up_workdays() -> None:
    explanation = explain(_clock("PET-7", "2025-09-26T09:00"), china())

    assert _kinds(explanation.days) == [
        (26, Role.START, DayKind.WORKDAY, None),
        (27, Role.NOT_A_WORKDAY, DayKind.WEEKEND, None),
        (28, Role.COUNTED, DayKind.MAKEUP_WORKDAY, 1),
        (29, Role.COUNTED, DayKind.WORKDAY, 2),
        (30, Role.COUNTED, DayKind.WORKDAY, 3),
        *((day, Role.NOT_A_WORKDAY, DayKind.HOLIDAY, None) for day in range(1, 9)),
        (9, Role.COUNTED, DayKind.WORKDAY, 4),
        (10, Role.COUNTED, DayKind.WORKDAY, 5),
    ]


def test_hours_show_how_long_they_ran_on_each_day() -> None:
    clock = _clock("INC-2", "2026-02-16T23:00")

    days = explain(clock, china()).days

    assert [(day.role, day.running) for day in days] == [
        (Role.RUNNING, timedelta(hours=1)),
        (Role.RUNNING, timedelta(hours=1)),
    ]


def test_a_clock_that_stands_still_has_no_end_to_derive() -> None:
    clock = _clock("PET-13", "2026-03-02T09:00")
    still = clock.suspend(clock.started_at + timedelta(days=3), reason="hearing")

    assert explain(still, china()).due_at is None
    assert explain_target(still).due_at_unrolled is None


def test_the_staff_target_is_derived_without_a_calendar() -> None:
    clock = _clock("PET-8", "2026-12-01T09:00")

    explanation = explain_target(clock, china())

    assert explanation.due_at is None
    assert {day.kind for day in explanation.days if day.date.year == 2027} == {DayKind.UNKNOWN}
    with pytest.raises(YearNotLoaded):
        explain(clock, china())


@given(histories(Unit.DAYS, Unit.WORKING_DAYS, Unit.DATE, Unit.HOURS))
def test_the_derivation_leads_to_the_deadline(clock: Clock) -> None:
    explanation = explain(clock, china())

    both = deadlines.deadline(clock, china())
    if both is None:
        assert explanation.days == ()
        return
    assert (explanation.due_at, explanation.due_at_unrolled) == (
        both.due_at,
        both.due_at_unrolled,
    )
    if clock.rule.unit is Unit.HOURS:
        ran = sum((day.running or timedelta() for day in explanation.days), timedelta())
        assert ran == timedelta(hours=deadlines.total(clock))
    elif deadlines.total(clock) > 0:
        counted = [day for day in explanation.days if day.role is Role.COUNTED]
        assert counted[-1].date == both.due_at_unrolled.date()
        assert counted[-1].number == len(counted) == deadlines.total(clock)
        assert explanation.days[-1].date == both.due_at.date()
