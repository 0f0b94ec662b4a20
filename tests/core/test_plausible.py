"""A year that does not look like one is told from those that were published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bihuan.calendars.queries import bundled, festivals
from bihuan.core.holidays import PublishedDay, PublishedYear
from bihuan.core.plausible import Difference, Doubt, Doubtful, differences, doubts

YEARS = [(place, year) for place in ("CN", "GB-ENG") for year in bundled(place).values()]
NEW = bundled("CN")[2026]


def against(year: PublishedYear, place: str = "CN") -> list[Doubtful]:
    law = festivals(place)
    return list(
        doubts(year, law=law.shortest(year.year) if law else None, known=bundled(place).values())
    )


def without(condition: Callable[[PublishedDay], bool]) -> PublishedYear:
    return replace(NEW, days=tuple(day for day in NEW.days if not condition(day)))


def plus(*days: PublishedDay) -> PublishedYear:
    return replace(NEW, days=tuple(sorted((*NEW.days, *days))))


@pytest.mark.parametrize(("place", "year"), YEARS, ids=lambda each: getattr(each, "year", each))
def test_no_year_that_was_published_is_doubted_but_the_one_that_changed_on_the_way(
    place: str, year: PublishedYear
) -> None:
    found = against(year, place)

    # In 2020 a break was made longer on the way, up to a Monday that the notice names as worked.
    expected = [Doubt.WEEKDAY_WORKED] if year.year == 2020 else []
    assert [each.doubt for each in found] == expected


def test_a_year_of_one_day_is_doubted() -> None:
    found = against(replace(NEW, days=NEW.days[:1]))

    assert {each.doubt for each in found} == {Doubt.FESTIVAL_WORKED, Doubt.FEW_DAYS_OFF}


def test_a_festival_that_is_worked_is_named() -> None:
    found = against(without(lambda day: day.date == date(2026, 10, 1)))

    assert found == [Doubtful(Doubt.FESTIVAL_WORKED, date(2026, 10, 1), "国庆节")]


def test_a_weekday_that_makes_up_for_another_is_named() -> None:
    found = against(plus(PublishedDay(date(2026, 3, 11), "春节", False)))

    assert found == [Doubtful(Doubt.WEEKDAY_WORKED, date(2026, 3, 11), "春节")]


@pytest.mark.parametrize(
    ("is_off", "doubt"), [(True, Doubt.MANY_DAYS_OFF), (False, Doubt.MANY_WEEKENDS_WORKED)]
)
def test_far_more_days_than_in_any_year_are_counted(is_off: bool, doubt: Doubt) -> None:
    saturdays = [date.fromordinal(day) for day in range(739682, 739682 + 120, 7)]
    assert {day.weekday() for day in saturdays} == {5}

    found = against(plus(*(PublishedDay(day, "春节", is_off) for day in saturdays)))

    assert doubt in {each.doubt for each in found}


def test_versions_of_a_year_are_compared_day_by_day() -> None:
    moved = PublishedDay(date(2026, 12, 31), "元旦", True)
    gone = NEW.days[0]

    found = list(differences(NEW, replace(NEW, days=(*NEW.days[1:], moved))))

    assert found == [Difference(gone.date, gone, None), Difference(moved.date, None, moved)]
    assert list(differences(NEW, NEW)) == []
    assert len(list(differences(None, NEW))) == len(NEW.days)
