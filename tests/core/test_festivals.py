"""The festivals of the law agree with every published year, and the two readings enclose them."""

from datetime import date

import pytest

from bihuan.core.holidays import PublishedYear
from tests.core.calendars import law, notices

CHINA, ENGLAND = law("cn"), law("gb-eng")


def _days(year: PublishedYear | None) -> list[date]:
    assert year is not None
    return [day.date for day in year.days]


@pytest.mark.parametrize("notice", notices("cn"), ids=lambda notice: str(notice.year))
def test_every_festival_of_the_law_is_off_in_the_published_year(notice: PublishedYear) -> None:
    off = {day.date for day in notice.days if day.is_off}

    assert set(_days(CHINA.shortest(notice.year))) <= off


@pytest.mark.parametrize("notice", notices("gb-eng"), ids=lambda notice: str(notice.year))
def test_the_bank_holidays_of_england_are_known_to_the_day(notice: PublishedYear) -> None:
    published = [day.date for day in notice.days if day.is_off]

    assert _days(ENGLAND.shortest(notice.year)) == published
    assert _days(ENGLAND.longest(notice.year, notices("gb-eng"))) == published


def test_the_law_gave_eleven_days_and_gives_thirteen_since_2025() -> None:
    assert len(_days(CHINA.shortest(2024))) == 11
    assert len(_days(CHINA.shortest(2026))) == 13


def test_2027_with_the_festivals_alone() -> None:
    assert [day.isoformat() for day in _days(CHINA.shortest(2027))] == [
        "2027-01-01",
        *(f"2027-02-0{day}" for day in (5, 6, 7, 8)),
        "2027-04-05",
        "2027-05-01",
        "2027-05-02",
        "2027-06-09",
        "2027-09-15",
        *(f"2027-10-0{day}" for day in (1, 2, 3)),
    ]


def test_2027_with_the_longest_breaks_of_five_notices() -> None:
    longest = _days(CHINA.longest(2027, notices("cn")[-5:]))

    # 31 December was off in 2022, 1 to 3 January in 2026; Spring Festival from two days before the
    # new year (2026) to the eighth day of it (2024).
    assert longest[:4] == [date(2026, 12, 31), *(date(2027, 1, day) for day in (1, 2, 3))]
    assert (date(2027, 2, 4) in longest, date(2027, 2, 13) in longest) == (True, True)
    assert (date(2027, 2, 3) in longest, date(2027, 2, 14) in longest) == (False, False)
    assert set(_days(CHINA.shortest(2027))) <= set(longest)


def test_where_two_festivals_share_a_break_each_keeps_its_own_part() -> None:
    # Mid-Autumn was on 29 September 2023 and on 6 October 2025.
    assert CHINA.reaches([n for n in notices("cn") if n.year == 2023])["中秋节"] == (0, 1)
    assert CHINA.reaches([n for n in notices("cn") if n.year == 2025])["国庆节"] == (0, 3)


def test_a_day_off_far_from_every_festival_lengthens_none() -> None:
    jubilee = PublishedYear(2027, "", tuple(notices("gb-eng")[-1].days))
    day = type(jubilee.days[0])(date(2027, 9, 19), "State funeral", True)

    with_it = PublishedYear(2027, "", (*jubilee.days, day))

    assert ENGLAND.reaches([with_it]) == ENGLAND.reaches([jubilee])


def test_nothing_is_known_beyond_the_table_and_before_the_law() -> None:
    assert CHINA.shortest(2051) is None
    assert CHINA.longest(2013, notices("cn")) is None
