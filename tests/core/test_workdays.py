"""Working days against three published sources: every day of 2018 to 2026, and 600 deadlines."""

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bihuan.core.workdays import NO_CALENDAR, YearNotLoaded
from tests.core.calendars import china

ORACLE = Path(__file__).parent.parent / "data" / "cn_calendar"


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (ORACLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_day_of_nine_years_is_a_workday_or_not_as_published() -> None:
    rows = _rows("workdays_2018_2026.csv")

    wrong = [
        row["date"]
        for row in rows
        if china().is_workday(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ]

    assert len(rows) == 3287
    assert wrong == []


def test_the_holidays_are_the_published_off_days_and_no_ordinary_weekend() -> None:
    holidays = {
        row["date"]
        for row in _rows("workdays_2018_2026.csv")
        if china().is_statutory_holiday(date.fromisoformat(row["date"]))
    }

    published = {
        row["date"]
        for row in _rows("workdays_2018_2026.csv")
        if row["kind"] in ("off", "off_weekend")
    }
    assert holidays == published


def test_six_hundred_deadlines_in_working_days() -> None:
    rows = _rows("deadline_n_workdays_after.csv")

    wrong = [
        row
        for row in rows
        if china().add_workdays(date.fromisoformat(row["start_date"]), int(row["n_workdays"]))
        != date.fromisoformat(row["due_date"])
    ]

    assert len(rows) == 600
    assert wrong == []


def test_a_file_of_one_year_may_name_days_of_the_december_before() -> None:
    assert china().is_workday(date(2018, 12, 29))
    assert not china().is_workday(date(2018, 12, 31))


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2027, 1, 1)])
def test_a_year_that_is_not_loaded_is_never_guessed(day: date) -> None:
    with pytest.raises(YearNotLoaded) as refused:
        china().is_workday(day)
    with pytest.raises(YearNotLoaded):
        china().is_statutory_holiday(day)

    assert refused.value.year == day.year


def test_counting_into_a_year_that_is_not_loaded_is_an_error() -> None:
    assert china().add_workdays(date(2026, 12, 30), 1) == date(2026, 12, 31)

    with pytest.raises(YearNotLoaded):
        china().add_workdays(date(2026, 12, 30), 2)


def test_without_a_calendar_nothing_is_known() -> None:
    with pytest.raises(YearNotLoaded):
        NO_CALENDAR.is_workday(date(2026, 11, 4))


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        china().add_workdays(date(2026, 11, 4), 0)


def test_the_bundled_years_are_those_of_the_source() -> None:
    bundled = Path(__file__).parents[2] / "bihuan" / "calendars" / "data" / "cn"

    for year in (2025, 2026):
        ours = json.loads((bundled / f"{year}.json").read_text(encoding="utf-8"))
        theirs = (ORACLE / f"holiday_cn_{year}.json").read_text(encoding="utf-8")
        assert ours == json.loads(theirs)
