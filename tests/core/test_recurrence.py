"""When inspections are due: by rules that recur, on working days, and before long holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import recurrence
from bihuan.core.recurrence import (
    LONGEST,
    Every,
    Recurrence,
    RuleRefused,
    Window,
    WindowTooLong,
    breaks,
    days_of,
    overlap,
    require_plain,
    rule_of,
)
from bihuan.core.workdays import NO_CALENDAR
from tests.core.calendars import china

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    every = draw(st.sampled_from(list(Every)))
    days = draw(st.integers(1, LONGEST[every]))
    working = draw(st.booleans())
    return Recurrence(every, draw(DAYS), days, None, working)


def _starts(every: Every, start: date) -> list[str]:
    found = Recurrence(every, start, 5).windows(*YEAR, china())
    return [f"{each.start_date:%m-%d}" for each in found]


@pytest.mark.parametrize(
    ("every", "start", "starts"),
    [
        (Every.ONCE, date(2026, 3, 2), ["03-02"]),
        (Every.QUARTER, date(2026, 1, 15), ["01-15", "04-15", "07-15", "10-15"]),
        (Every.HALF_YEAR, date(2025, 8, 31), ["02-28", "08-31"]),
        (Every.YEAR, date(2024, 2, 29), ["02-28"]),
        (Every.TERM, date(2026, 1, 15), ["03-01", "09-01"]),
        (Every.LONG_HOLIDAY, date(2026, 1, 1), ["02-10", "04-26", "09-26"]),
    ],
)
def test_a_choice_has_these_windows_in_a_year(every: Every, start: date, starts: list[str]) -> None:
    assert _starts(every, start) == starts


def test_a_month_without_the_day_has_its_window_on_its_last_day() -> None:
    starts = _starts(Every.MONTH, date(2026, 1, 31))

    assert starts[:4] == ["01-31", "02-28", "03-31", "04-30"]


def test_windows_on_working_days_begin_and_end_on_them() -> None:
    monthly = Recurrence(Every.MONTH, date(2026, 1, 1), 5, working_days_only=True)

    found = monthly.windows(*YEAR, china())

    # 1 to 8 October: the first working day after the holiday, and a make-up Saturday counts.
    assert Window(date(2026, 10, 8), date(2026, 10, 13)) in found
    assert all(china().is_workday(each.start_date) for each in found)


def test_before_each_holiday_windows_end_with_the_last_working_day_and_never_overlap() -> None:
    found = Recurrence(Every.ANY_HOLIDAY, date(2026, 1, 1), 10).windows(*YEAR, china())

    ends = [each.complete_date for each in found]
    assert date(2026, 2, 14) in ends  # a make-up Saturday, the last day before the Spring Festival
    assert Window(date(2026, 9, 25), date(2026, 9, 30)) in found  # between two holidays
    assert not overlap(found)


def test_a_plan_has_no_window_before_its_first_day_nor_after_its_last() -> None:
    monthly = Recurrence(Every.MONTH, date(2026, 3, 10), 5, date(2026, 5, 9))

    starts = [each.start_date for each in monthly.windows(*YEAR, china())]

    assert starts == [date(2026, 3, 10), date(2026, 4, 10)]


def test_no_holiday_is_guessed_for_a_year_that_is_not_loaded() -> None:
    holidays = Recurrence(Every.ANY_HOLIDAY, date(2026, 1, 1), 3)

    assert holidays.windows(date(2027, 2, 1), date(2027, 12, 31), china()) == []


@given(recurrences(), DAYS, st.integers(0, 500))
def test_windows_are_in_order_apart_and_within_the_days_asked_for(
    recurring: Recurrence, first: date, length: int
) -> None:
    last = first + timedelta(days=length)

    found = recurring.windows(first, last, china())

    assert found == sorted(found)
    assert not overlap(found)
    assert all(first <= each.start_date <= last for each in found)
    assert all(each.start_date >= recurring.start_date for each in found)
    assert all(each.start_date <= each.complete_date for each in found)


@given(recurrences(), DAYS, st.integers(0, 300), st.integers(0, 300))
def test_a_period_asked_for_in_two_parts_has_the_same_windows(
    recurring: Recurrence, first: date, one: int, two: int
) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + two + 1)

    parts = recurring.windows(first, middle, china())
    parts += recurring.windows(middle + timedelta(days=1), last, china())

    assert parts == recurring.windows(first, last, china())


@given(st.sampled_from(list(Every)), DAYS)
def test_every_choice_is_a_rule_that_is_accepted(every: Every, start: date) -> None:
    rule = rule_of(every, start)

    assert every in recurrence.HOLIDAYS or require_plain(rule) == rule


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 40),
        "FREQ=DAILY;BYSECOND=0",
        "FREQ=DAILY;BYDAY=+1MO",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;UNTIL=99991231",
        "FREQ=DAILY\nRRULE:FREQ=SECONDLY",
        "FREQ=DAILY;BYMONTH=١",
        "FREQ=DAILY;BYMONTH=",
        "x" * 10_000,
    ],
)
def test_a_rule_that_no_plan_needs_is_refused(rule: str) -> None:
    with pytest.raises(RuleRefused):
        require_plain(rule)


@given(st.text(max_size=200))
def test_any_text_is_read_as_a_rule_or_refused(text: str) -> None:
    try:
        days_of(text, date(2026, 1, 1), *YEAR)
    except RuleRefused:
        return
    assert require_plain(text) == text


def test_a_rule_that_never_falls_on_a_day_ends() -> None:
    assert days_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", date(2026, 1, 1), *YEAR) == []


@pytest.mark.parametrize("every", Every)
def test_days_to_complete_never_reach_into_the_next_window(every: Every) -> None:
    for days in (0, LONGEST[every] + 1):
        with pytest.raises(WindowTooLong) as refused:
            Recurrence(every, date(2026, 1, 1), days)
        assert refused.value.most == LONGEST[every]


def test_a_plan_never_ends_before_it_starts() -> None:
    with pytest.raises(RuleRefused):
        Recurrence(Every.YEAR, date(2026, 1, 2), 5, date(2026, 1, 1))


def test_a_period_of_centuries_is_refused() -> None:
    with pytest.raises(RuleRefused):
        Recurrence(Every.WEEK, date(2026, 1, 1), 5).windows(
            date(1900, 1, 1), date(2900, 1, 1), NO_CALENDAR
        )


def test_without_holidays_there_is_no_break() -> None:
    assert [*breaks(NO_CALENDAR, *YEAR)] == []
    assert date(2026, 2, 15) in [begins for begins, _ in breaks(china(), *YEAR)]
