"""The days and moments of one row, in whatever way and zone they are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.ledgers.mapping import Mapping
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import LongTerm, NoDate
from bihuan.sheets.refusals import CellFault, CellRefused
from tests.ledgers.rows import faults, read

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_row_without_any_day_is_refused(county: Unit) -> None:
    assert isinstance(faults(county, 检查日期="")["found_date"], NoDate)
    assert isinstance(faults(county, 检查日期="立行立改")["found_date"], NoDate)


def test_the_day_of_the_report_stands_in_for_the_day_of_the_find(county: Unit) -> None:
    row = read(county, 检查日期="", 上报时间="2026-09-02 09:30")

    assert row.found_date == date(2026, 9, 2)


def test_a_bare_day_is_reported_at_its_beginning(county: Unit) -> None:
    assert read(county).reported_at == datetime(2026, 9, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize("title", ["检查日期", "上报时间", "整改期限", "验收日期", "销号时间"])
@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ("2026年2月30日", CellFault.NO_SUCH_DAY),
        ("2月30日", CellFault.NO_SUCH_DAY),
        ("3/4/2026", CellFault.AMBIGUOUS_DATE),
        ("待定", CellFault.NOT_A_DATE),
        (True, CellFault.NOT_A_DATE),
    ],
)
def test_a_day_that_is_none_is_refused(
    county: Unit, title: str, values: Any, fault: CellFault
) -> None:
    (found,) = faults(county, **{title: values}).values()

    assert isinstance(found, CellRefused)
    assert found.fault is fault


def test_every_fault_of_a_row_is_told_at_once(county: Unit) -> None:
    found = faults(county, 检查日期="待定", 整改资金="若干", 等级="特大", 是否销号="大概")

    assert set(found) == {"found_date", "budget", "grade", "closed"}


@pytest.mark.parametrize(
    ("found", "term", "expected"),
    [
        (date(2023, 6, 1), "6月15日前", date(2023, 6, 15)),
        (date(2023, 12, 20), "1月10日", date(2024, 1, 10)),
        (date(2023, 6, 1), "8月底前", date(2023, 8, 31)),
    ],
)
def test_a_term_without_its_year_lies_near_the_find_and_not_near_today(
    county: Unit, found: date, term: str, expected: date
) -> None:
    row = read(county, 整改期限=term, 检查日期=found)

    assert row.deadline_date == expected


@pytest.mark.parametrize("values", [15, "15", "15天", "15日", "１５天", "15日内"])
def test_under_a_title_in_days_a_number_counts_from_the_find(county: Unit, values: Any) -> None:
    row = read(county, **{"整改期限（天）": values})

    assert row.deadline_date == date(2026, 9, 16)


@pytest.mark.parametrize("values", [15, "15天", "15日", "15日内", "一周内"])
def test_elsewhere_a_count_of_days_is_no_deadline(county: Unit, values: Any) -> None:
    assert isinstance(faults(county, 整改期限=values)["deadline"], CellRefused)


@pytest.mark.parametrize("values", ["2026-09-20", date(2026, 9, 20), "9月20日"])
def test_under_a_title_in_days_a_day_stays_a_day(county: Unit, values: Any) -> None:
    assert read(county, **{"整改期限（天）": values}).deadline_date == date(2026, 9, 20)


@pytest.mark.parametrize("title", ["检查日期", "上报时间", "验收日期", "销号时间"])
def test_only_a_deadline_may_be_a_whole_month(county: Unit, title: str) -> None:
    assert read(county, 整改期限="2026年9月").deadline_date == date(2026, 9, 30)
    assert faults(county, **{title: "2026年9月"})


def test_fixed_at_once_is_due_on_the_day_of_the_find(county: Unit) -> None:
    assert read(county, 整改期限="立行立改").deadline_date == date(2026, 9, 1)


def test_long_term_is_no_deadline(county: Unit) -> None:
    assert isinstance(faults(county, 整改期限="长期坚持")["deadline"], LongTerm)


def test_a_deadline_keeps_its_hour_and_a_bare_day_has_none(county: Unit) -> None:
    assert read(county, 整改期限="2026-09-30 18:00").deadline_time == time(18)
    assert read(county, 整改期限="2026-09-30").deadline_time is None


def test_moments_of_another_zone_are_told_on_the_wall_clock_here(county: Unit) -> None:
    columns = {"place": "场所", "title": "隐患描述", "reported_at": "Created", "deadline": "Due"}
    wanted = Mapping(columns=columns, month_first=True, zone="America/New_York")

    row = read(county, wanted, Created="04/12/2018 11:11:26 AM", Due="04/13/2018 11:00:00 PM")

    assert row.reported_at == datetime(2018, 4, 12, 15, 11, 26, tzinfo=UTC)
    assert row.reported_at.tzinfo is SHANGHAI
    assert row.found_date == date(2018, 4, 12)
    assert (row.deadline_date, row.deadline_time) == (date(2018, 4, 14), time(11))


def test_a_bare_day_of_another_zone_is_a_day_there(county: Unit) -> None:
    columns = {"place": "场所", "title": "隐患描述", "ended_at": "Closed", "deadline": "Due"}
    wanted = Mapping(columns={**columns, "reported_at": "Created"}, zone="America/New_York")

    row = read(county, wanted, Created="2018-10-03 16:50", Closed="2018-10-04", Due="2018-10-03")

    assert row.reported_at == datetime(2018, 10, 3, 20, 50, tzinfo=UTC)
    assert row.ended_at == datetime(2018, 10, 4, 4, tzinfo=UTC)
    assert (row.deadline_date, row.deadline_time) == (date(2018, 10, 4), time(11, 59, 59))


# -------------------------------------------------------------------------- end
@pytest.mark.parametrize(
    ("values", "closed", "ended"),
    [
        ({"是否销号": "是", "销号时间": "2026-09-11"}, True, date(2026, 9, 11)),
        ({"是否销号": "是", "验收日期": "2026-09-10"}, True, date(2026, 9, 10)),
        ({"是否销号": "是"}, True, None),
        ({"是否销号": "否", "销号时间": "2026-09-11"}, False, date(2026, 9, 11)),
        ({"是否销号": "否"}, False, None),
        ({"销号时间": "2026-09-11"}, True, date(2026, 9, 11)),
        ({"验收日期": "2026-09-10"}, None, None),
        ({"环节": "已驳回", "销号时间": "2026-09-11"}, None, date(2026, 9, 11)),
        ({"环节": "整改中", "销号时间": "2026-09-11"}, None, date(2026, 9, 11)),
    ],
)
def test_a_hazard_ends_when_the_row_says_that_it_has(
    county: Unit, values: dict[str, str], closed: bool | None, ended: date | None
) -> None:
    row = read(county, **values)

    assert row.closed is closed
    assert (row.ended_at.date() if row.ended_at else None) == ended
