"""A term that reaches into a year not loaded lies between two readings of it; both are checked
against the years that were published since."""

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import clocks, deadlines, rules
from bihuan.core.clocks import Clock
from bihuan.core.outlook import Outlook, continued
from bihuan.core.rules import Party, Unit
from bihuan.core.workdays import WorkCalendar, YearNotLoaded
from tests.core.calendars import before, china, law, notices
from tests.core.test_deadlines import RULES

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE = Path(__file__).parent.parent / "data" / "cn_calendar" / "workdays_2018_2026.csv"
PRETENDED = range(2021, 2027)
ONE_DAY = timedelta(days=1)
OUTLOOK = before(2027)
LOADED = continued("CN", notices(), law())


def _clock(unit: Unit, on: date, length: int, owed_by: Party = Party.STAFF) -> Clock:
    audience = Party.CITIZEN if owed_by is Party.CITIZEN else Party.STAFF
    rule = replace(RULES[unit], owed_by=owed_by, audience=audience)
    return clocks.start(rule, datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI),
                        zone=SHANGHAI, length=length)  # fmt: skip


def _end(clock: Clock, calendar: WorkCalendar) -> date:
    due_at = deadlines.binding(clock, calendar)
    assert due_at is not None
    return due_at.date()


# -------------------------------------------------------------------- properties
TERMS = st.builds(
    _clock,
    st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS]),
    st.dates(date(2026, 9, 1), date(2030, 12, 31)),
    st.integers(1, 12),
    st.sampled_from(Party),
)


@given(TERMS)
def test_the_shorter_reading_never_ends_later(clock: Clock) -> None:
    assert _end(clock, OUTLOOK.short) <= _end(clock, OUTLOOK.long)


@given(TERMS, st.integers(0, 400))
def test_who_starts_later_never_has_to_be_done_earlier(clock: Clock, days: int) -> None:
    if clock.rule.unit is Unit.MONTHS:
        # 31 January and 1 February end a month apart in either order: 民法典 202.
        days = 0
    later = _clock(
        clock.rule.unit, clock.start_date + timedelta(days), clock.length, clock.rule.owed_by
    )
    calendar = OUTLOOK.of(clock.rule)

    assert later.start_date.year > 2031 or _end(clock, calendar) <= _end(later, calendar)


@given(TERMS)
def test_an_end_is_provisional_exactly_where_the_readings_are_all_that_is_known(
    clock: Clock,
) -> None:
    calendar = OUTLOOK.of(clock.rule)
    due_at = deadlines.binding(clock, calendar)
    assert due_at is not None

    provisional = deadlines.is_provisional(clock, due_at, calendar)

    if clock.rule.unit is not Unit.WORKING_DAYS and clock.rule.owed_by is Party.STAFF:
        assert not provisional
    else:
        assert provisional == (due_at.date() >= date(2026, 12, 31))
    if not provisional:
        assert _end(clock, OUTLOOK.short) == _end(clock, OUTLOOK.long)


@given(st.dates(date(2025, 9, 1), date(2025, 12, 31)), st.integers(1, 40))
def test_once_the_year_is_loaded_nothing_is_left_of_the_readings(start: date, length: int) -> None:
    clock = _clock(Unit.WORKING_DAYS, start, length)

    assert _end(clock, LOADED.short) == _end(clock, china()) == _end(clock, LOADED.long)
    assert not deadlines.is_provisional(clock, clock.started_at, LOADED.short)


# ------------------------------------------------------------------------ limits
def test_years_before_the_first_and_far_after_the_last_stay_an_error() -> None:
    for year in (2017, 2032):
        with pytest.raises(YearNotLoaded):
            OUTLOOK.short.is_workday(date(year, 6, 1))
    with pytest.raises(YearNotLoaded):
        OUTLOOK.loaded.is_workday(date(2027, 6, 1))


def test_a_year_left_out_in_between_stays_an_error() -> None:
    outlook = continued("CN", [each for each in notices() if each.year != 2022], law())

    with pytest.raises(YearNotLoaded):
        outlook.long.is_workday(date(2022, 6, 1))


def test_without_a_law_of_festivals_nothing_is_expected() -> None:
    outlook = continued("XX", notices())

    assert outlook.short is outlook.long is outlook.loaded


def test_the_version_changes_with_the_notices_and_with_the_law() -> None:
    versions = {
        OUTLOOK.version,
        before(2026).version,
        continued("CN", notices()).version,
        continued("CN", notices(), law("gb-eng")).version,
    }

    assert len(versions) == 4
    assert OUTLOOK.long.version == OUTLOOK.version


def test_staff_go_by_the_shorter_reading_and_a_right_lasts_by_the_longer() -> None:
    assert OUTLOOK.of(rules.rule("PET-7", on=date(2026, 12, 1))) is OUTLOOK.short
    assert OUTLOOK.of(rules.rule("PET-10", on=date(2026, 12, 1))) is OUTLOOK.long


def test_the_last_days_of_december_are_open_where_the_new_year_break_may_take_them() -> None:
    window = _clock(Unit.DAYS, date(2026, 12, 1), 30, Party.CITIZEN)
    target = _clock(Unit.WORKING_DAYS, date(2026, 12, 28), 3)
    calendars = OUTLOOK

    assert _end(window, calendars.long) == date(2027, 1, 4)
    assert _end(target, calendars.short) == date(2026, 12, 31)
    assert calendars.short.is_open(date(2026, 12, 31))
    assert not calendars.short.is_open(date(2026, 12, 30))


# -------------------------------------------------- the published years as oracle
@cache
def _published() -> dict[date, tuple[bool, bool]]:
    """Of each day whether it was worked, and whether it lay in a published break."""
    with TABLE.open(encoding="utf-8") as rows:
        return {
            date.fromisoformat(row["date"]): (
                row["is_workday"] == "1",
                row["kind"] in ("off", "off_weekend"),
            )
            for row in csv.DictReader(rows)
        }


def _really(clock: Clock) -> date | None:
    """When the term ended by the table, day by day; none beyond it."""
    table, day = _published(), clock.start_date
    if clock.rule.unit is Unit.WORKING_DAYS:
        left = clock.length
        while left and day in table:
            day += ONE_DAY
            left -= table.get(day, (False, False))[0]
        return None if left else day
    day += timedelta(days=clock.length)
    while day in table and table[day][1]:
        day += ONE_DAY
    return day if day in table else None


def _judged(outlook: Outlook, year: int, clock: Clock) -> str:
    """Where the real end lay; nothing where it does not hang on that year."""
    really, first, last = _really(clock), *(_end(clock, c) for c in (outlook.short, outlook.long))
    if really is None or really.year > year or not outlook.short.is_open(last):
        return ""
    return "before" if really < first else "after" if really > last else "between"


def _counts(unit: Unit, owed_by: Party, lengths: tuple[int, ...]) -> dict[str, int]:
    """Every start from October before a year on, with only the years before it loaded."""
    counts = {"before": 0, "between": 0, "after": 0}
    for year in PRETENDED:
        first = date(year - 1, 10, 1)
        for offset in range((date(year, 12, 31) - first).days + 1):
            for length in lengths:
                clock = _clock(unit, first + timedelta(days=offset), length, owed_by)
                if found := _judged(before(year), year, clock):
                    counts[found] += 1
    return counts


@pytest.mark.slow
def test_a_right_was_never_shown_too_long_by_the_shorter_reading_and_rarely_too_short() -> None:
    """The figures of decision 13: 4,374 of 4,400 between both, none before, 26 after."""
    counts = _counts(Unit.DAYS, Party.CITIZEN, (30, 60))

    assert counts == {"before": 0, "between": 4374, "after": 26}


@pytest.mark.slow
def test_a_target_of_staff_was_between_both_but_for_make_up_workdays() -> None:
    """The figures of decision 13: 14,597 of 15,406 between both, 785 before, 24 after."""
    counts = _counts(Unit.WORKING_DAYS, Party.STAFF, (1, 2, 3, 5, 7, 10, 20))

    assert counts == {"before": 785, "between": 14597, "after": 24}
