from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.sheets.dates import PLAIN, Reading, Term, day, moment, named_in, with_order
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused

DAYS = st.dates(date(1951, 1, 1), date(2099, 12, 31))
NEAR = Reading(near=date(2024, 12, 20))
MONTH_FIRST = Reading(month_first=True)
FIRST_OF_MARCH_2025 = """
    2025-03-01 2025/3/1 2025.3.1 20250301 2025年3月1日 25.3.1 25年3月1日
    2025．０３．０１ ２０２５－３－１ 2025年03月01号 2025年3月1日前
    2025年3月1日之前 2025年3月1日止 2025.3.1日 二〇二五年三月一日
    2025年3月1日（星期六） 2025年3月1日前完成 2025-03-01之前整改到位
"""


def fault_of(cell: Cell, reading: Reading = PLAIN) -> CellFault:
    with pytest.raises(CellRefused) as caught:
        moment(cell, reading)
    return caught.value.fault


@pytest.mark.parametrize("written", FIRST_OF_MARCH_2025.split())
def test_every_way_of_writing_a_day_gives_the_day(written: str) -> None:
    assert day(written) == date(2025, 3, 1)
    assert day(f"　{written} ") == date(2025, 3, 1)


@given(DAYS)
def test_any_day_is_read_back_from_each_form(one: date) -> None:
    forms = (
        one.isoformat(),
        f"{one:%Y%m%d}",
        f"{one.year}/{one.month}/{one.day}",
        f"{one.year}.{one.month}.{one.day}",
        f"{one.year}年{one.month}月{one.day}日",
        f"{one.year} 年 {one.month} 月 {one.day} 日前",
    )

    assert {day(form) for form in forms} == {one}
    assert day(f"{one:%m/%d/%Y}", MONTH_FIRST) == one
    assert day(f"{one.month}月{one.day}日", Reading(near=one)) == one
    assert day(float((one - date(1899, 12, 30)).days)) == one
    assert day(float(f"{one:%Y%m%d}")) == one


@given(st.datetimes(datetime(1951, 1, 1), datetime(2099, 12, 31)))
def test_any_moment_is_read_back_to_the_second(exact: datetime) -> None:
    instant = exact.replace(microsecond=0)

    assert moment(instant.isoformat(" ")) == instant
    assert moment(f"{instant:%Y/%m/%d %H:%M:%S}") == instant
    assert moment(f"{instant:%m/%d/%Y %I:%M:%S %p}", MONTH_FIRST) == instant
    assert moment(f"{instant:%Y年%m月%d日%H时%M分%S秒}") == instant


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2025年3月1日 下午3点20分", datetime(2025, 3, 1, 15, 20)),
        ("2025-03-01 10:30", datetime(2025, 3, 1, 10, 30)),
        ("20250301 1030", datetime(2025, 3, 1, 10, 30)),
        ("2025-03-01T10:00:00Z", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (date(2025, 3, 1), datetime(2025, 3, 1)),
        (45717.5, datetime(2025, 3, 1, 12)),
    ],
)
def test_moments_keep_their_time(written: Cell, instant: datetime) -> None:
    assert moment(written) == instant


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2025年3月", date(2025, 3, 31)),
        ("2025-2", date(2025, 2, 28)),
        ("2024年2月底前", date(2024, 2, 29)),
        ("2025年3月上旬", date(2025, 3, 10)),
        ("2025年3月中旬", date(2025, 3, 20)),
        ("2025年底", date(2025, 12, 31)),
    ],
)
def test_a_month_lasts_to_its_end(written: str, last: date) -> None:
    assert day(written) == last


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("3月15日前", date(2025, 3, 15)),
        ("12月1日", date(2024, 12, 1)),
        ("1.5", date(2025, 1, 5)),
        ("2月29日", date(2024, 2, 29)),
        ("1月底", date(2025, 1, 31)),
    ],
)
def test_a_day_without_its_year_is_the_nearest_one(written: str, nearest: date) -> None:
    assert day(written, NEAR) == nearest


def test_a_ledger_of_january_names_december_of_the_year_before() -> None:
    january = Reading(near=date(2027, 1, 10))

    assert day("12月25日", january) == date(2026, 12, 25)
    assert day("9月", january) == date(2026, 9, 30)


def test_a_month_is_a_day_only_where_a_deadline_is_meant() -> None:
    days = NEAR._replace(months=False)

    for written in ("9月", "2025年3月", "2025-3", "3月底", "2025年底", "2025年3月上旬"):
        assert fault_of(written, days) is CellFault.ONLY_A_MONTH


def test_the_29th_of_february_is_no_day_of_a_year_in_between() -> None:
    assert fault_of("2月29日", Reading(near=date(2026, 1, 10))) is CellFault.NO_SUCH_DAY


# --------------------------------------------------------------- the order of days
def test_one_day_over_12_tells_the_order_of_its_column() -> None:
    day_first = with_order(["3/4/2026", "x", 5.0, "13/2/2026"], PLAIN)
    month_first = with_order(["3/4/2026", "2/13/2026"], PLAIN)

    assert day("3/4/2026", day_first) == date(2026, 4, 3)
    assert day("3/4/2026", month_first) == date(2026, 3, 4)
    assert fault_of("2/13/2026", day_first) is CellFault.NO_SUCH_DAY
    assert day("5/6", day_first._replace(near=date(2026, 6, 1))) == date(2026, 6, 5)


@pytest.mark.parametrize("column", [["3/4/2026"], ["13/2/2026", "2/13/2026"], ["2026-03-04"], []])
def test_a_column_that_does_not_tell_its_order_is_refused(column: list[Cell]) -> None:
    assert fault_of("3/4/2026", with_order(column, PLAIN)) is CellFault.AMBIGUOUS_DATE


def test_what_a_person_said_of_the_order_goes_before_what_a_column_shows() -> None:
    assert with_order(["13/2/2026"], MONTH_FIRST) == MONTH_FIRST


def test_a_short_year_in_a_column_of_days_first_may_be_either_end() -> None:
    day_first = Reading(day_first=True)

    assert day("3/4/26", day_first) == date(2026, 4, 3)
    assert fault_of("25.3.26", day_first) is CellFault.AMBIGUOUS_DATE


@pytest.mark.parametrize(
    ("lines", "middle"),
    [
        (["云榆县2026年9月份台账", "填报日期：2027年1月4日"], date(2026, 9, 15)),
        (["云榆县２０２５年度台账"], date(2025, 7, 2)),
        (["2025年第三季度"], date(2025, 7, 2)),
        (["单位：万元", 2026.0, ""], None),
    ],
)
def test_the_lines_above_a_table_name_its_time(lines: list[Cell], middle: date | None) -> None:
    assert named_in(lines) == middle


@pytest.mark.parametrize("cell", ["", " ", "/", "——", "无", "N/A"])
def test_what_stands_for_nothing_is_no_date(cell: str) -> None:
    assert day(cell) is None


def test_terms_are_told_from_dates() -> None:
    assert day("立行立改") is day("立即整改") is Term.AT_ONCE
    assert day("长期坚持") is Term.LONG


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("尽快", CellFault.NOT_A_DATE),
        ("2025.3.1-3.15", CellFault.NOT_A_DATE),
        (3.15, CellFault.NOT_A_DATE),
        (2025.0, CellFault.NOT_A_DATE),
        (1e300, CellFault.NOT_A_DATE),
        (float("nan"), CellFault.NOT_A_DATE),
        (float("inf"), CellFault.NOT_A_DATE),
        (True, CellFault.NOT_A_DATE),
        (timedelta(hours=3), CellFault.NOT_A_DATE),
        ("2025-02-30", CellFault.NO_SUCH_DAY),
        ("20251301", CellFault.NO_SUCH_DAY),
        ("0225-01-01", CellFault.NO_SUCH_DAY),
        ("2025年3月1日 25:00", CellFault.NO_SUCH_DAY),
        ("03/01/2025", CellFault.AMBIGUOUS_DATE),
        ("12.3.1", CellFault.AMBIGUOUS_DATE),
        ("3月1日", CellFault.NO_YEAR),
        ("2月30日", CellFault.NO_YEAR),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(cell: Cell, fault: CellFault) -> None:
    assert fault_of(cell) is fault


def test_an_impossible_day_without_its_year_is_refused() -> None:
    assert fault_of("2月30日", NEAR) is CellFault.NO_SUCH_DAY


@given(st.text(max_size=30))
def test_no_text_makes_the_reading_of_dates_fail_otherwise(found: str) -> None:
    for reading in (NEAR, MONTH_FIRST):
        with suppress(CellRefused):
            moment(found, reading)


@given(DAYS)
def test_a_bare_number_counts_from_where_its_workbook_does(one: date) -> None:
    since_1904 = float((one - date(1904, 1, 1)).days)

    assert day(since_1904, Reading(epoch_1904=True)) == one
    assert day(float(f"{one:%Y%m%d}"), Reading(epoch_1904=True)) == one
