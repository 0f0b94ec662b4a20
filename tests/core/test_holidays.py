"""A file of holidays is taken whole or refused with the reason."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.core.holidays import BadHolidayFile, Fault, YearNotPublished, assemble, parse

UNPUBLISHED = (
    Path(__file__).parent.parent / "data" / "cn_calendar" / "holiday_cn_2027_unpublished.json"
)


def _day(**changes: Any) -> dict[str, Any]:
    return {"name": "元旦", "date": "2027-01-01", "isOffDay": True} | changes


def _year(*days: Any, **changes: Any) -> dict[str, Any]:
    return {"year": 2027, "papers": ["https://example.org/n"], "days": list(days)} | changes


def test_a_published_year_is_read() -> None:
    published = parse(_year(_day(), _day(date="2026-12-26", isOffDay=False)))

    assert published.year == 2027
    assert published.source == "https://example.org/n"
    assert [day.date for day in published.days] == [date(2026, 12, 26), date(2027, 1, 1)]


@pytest.mark.parametrize(
    "content",
    [
        json.loads(UNPUBLISHED.read_text(encoding="utf-8")),
        _year(),
        _year(_day(isOffDay=False)),
    ],
)
def test_a_year_that_has_not_been_published_is_refused(content: object) -> None:
    with pytest.raises(YearNotPublished) as refused:
        parse(content)

    assert refused.value.year == 2027


@pytest.mark.parametrize(
    ("content", "fault", "where"),
    [
        ([], Fault.NOT_AN_OBJECT, 0),
        (_year(_day(), year="2027"), Fault.YEAR, 0),
        (_year(_day(), year=True), Fault.YEAR, 0),
        (_year(_day(), year=99999), Fault.YEAR, 0),
        (_year(days=None), Fault.DAYS, 0),
        (_year(_day(), "x"), Fault.DAY, 2),
        (_year(_day(), _day(isOffDay=1)), Fault.DAY, 2),
        (_year(_day(date="2027-02-30")), Fault.DAY, 1),
        (_year(_day(name="")), Fault.DAY, 1),
        (_year(_day(name="x" * 41)), Fault.DAY, 1),
        (_year(_day(date="2028-01-01")), Fault.OTHER_YEAR, 1),
        (_year(_day(date="2025-12-31")), Fault.OTHER_YEAR, 1),
        (_year(_day(), _day(isOffDay=False)), Fault.TWICE, 1),
    ],
)
def test_a_file_that_is_no_year_of_holidays_is_refused_with_the_place(
    content: object, fault: Fault, where: int
) -> None:
    with pytest.raises(BadHolidayFile) as refused:
        parse(content)

    assert (refused.value.fault, refused.value.where) == (fault, where)


def test_for_a_day_that_two_years_name_the_later_notice_holds() -> None:
    before = parse(_year(_day(date="2026-12-31"), year=2026))
    after = parse(_year(_day(), _day(date="2026-12-31", isOffDay=False)))

    calendar = assemble("CN", [after, before])

    assert calendar.is_workday(date(2026, 12, 31))


def test_the_version_of_a_calendar_changes_with_its_days_and_with_nothing_else() -> None:
    one = parse(_year(_day()))
    same = parse(_year(_day(), papers=[]))
    other = parse(_year(_day(), _day(date="2027-01-02")))

    versions = [assemble("CN", [year]).version for year in (one, same, other)]

    assert versions[0] == versions[1] != versions[2]
