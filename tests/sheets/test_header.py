"""Which row holds the titles, and what the table says of its units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bihuan.sheets.columns import Column, Hints, Layout, Role, guess_layout
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import SheetFault, SheetRefused

SYNONYMS = {
    "found_date": ("检查日期", "检查时间"),
    "place": ("场所", "隐患地点"),
    "description": ("隐患描述",),
    "unit": ("责任单位", "整改责任单位", "责任单位主责"),
    "resolver_name": ("责任人",),
    "budget": ("整改资金",),
    "deadline": ("整改期限",),
    "verified_date": ("验收日期",),
    "grade": ("Standard",),
}
HINTS = Hints(
    also={"found_date": ("日期",), "place": ("地点", "地址", "企业名称")},
    asked={"unit": ("单位", "督办单位", "企业名称")},
    nothing=("责任单位配合", "监理单位"),
    needed=(("description",), ("found_date",), ("place",)),
    money=("budget",),
    days=("deadline",),
    names=("resolver_name",),
)
TITLES = ["检查日期", "场所", "隐患描述", "责任单位", "整改资金", "整改期限"]
RECORD: list[Cell] = ["2026-09-01", "商场", "堵塞", "云榆镇", 0.5, "2026-09-20"]


def layout_of(*rows: Sequence[Cell], header_row: int | None = None) -> Layout:
    return guess_layout(rows, SYNONYMS, HINTS, header_row=header_row)


def column_of(layout: Layout, field: str) -> Column:
    return layout.columns[layout.mapping[field]]


# ---------------------------------------------------------------- which row
def test_a_record_with_a_known_word_is_no_header() -> None:
    layout = layout_of(
        ["Id", "What", "Where it is", "Level"],
        ["1", "blocked exit", "hall", "High"],
        ["2", "loose rail", "roof", "Standard"],
    )

    assert (layout.header_row, layout.data_row) == (1, 2)
    assert layout.mapping == {}


def test_a_record_of_words_that_are_titles_is_no_header() -> None:
    layout = layout_of(TITLES, ["2026-09-01", "场所", "隐患描述", "责任人", "", "整改期限"])

    assert layout.header_row == 1


def test_a_year_among_the_titles_does_not_hide_them() -> None:
    assert layout_of([*TITLES, 2026.0], [*RECORD, "x"]).header_row == 1


def test_the_first_long_row_holds_the_titles_where_none_is_known() -> None:
    layout = layout_of(
        ["某表", "2026年9月"],
        ["甲", "乙", "丙", "丁", ""],
        ["一", "二", "三", "四", "五"],
    )

    assert layout.header_row == 2


@pytest.mark.parametrize(("row", "data"), [(1, 2), (2, 3), (3, 4)])
def test_somebody_says_which_row_it_is(row: int, data: int) -> None:
    layout = layout_of(["a", "b"], ["c", "d"], TITLES, RECORD, header_row=row)

    assert (layout.header_row, layout.data_row) == (row, data)


@pytest.mark.parametrize("row", [2, 9, 31])
def test_a_row_without_titles_can_not_be_said(row: int) -> None:
    with pytest.raises(SheetRefused) as caught:
        layout_of(TITLES, [""] * 6, RECORD, header_row=row)

    assert caught.value.fault is SheetFault.NO_TITLES_THERE


def test_the_titles_that_are_wanted_find_their_row() -> None:
    rows = [["Id", "What", "Where"], TITLES[:3], ["1", "x", "y"]]

    assert guess_layout(rows, SYNONYMS, HINTS, wanted=["What", "Where"]).header_row == 1


def test_parts_of_a_known_title_are_a_second_row_of_titles() -> None:
    layout = layout_of(
        ["检查日期", "场所", "隐患描述", "责任单位", "", "整改期限"],
        ["", "", "", "主责", "配合", ""],
        ["2026-09-01", "商场", "堵塞", "云榆镇", "县消防", "2026-09-20"],
    )

    assert (layout.header_row, layout.data_row) == (1, 3)
    assert layout.mapping["unit"] == 3
    assert layout.columns[4].role is Role.OTHER


def test_the_day_of_another_group_is_not_the_day_found() -> None:
    layout = layout_of(
        ["检查", "", "验收", "", "隐患描述"],
        ["日期", "地点", "日期", "结果", ""],
        ["2026-09-01", "商场", "2026-09-20", "好", "堵塞"],
    )

    assert layout.mapping == {"found_date": 0, "place": 1, "verified_date": 2, "description": 4}


def test_a_row_that_numbers_the_columns_is_no_record() -> None:
    assert layout_of(TITLES, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], RECORD).data_row == 3
    assert (
        layout_of(TITLES, ["（1）", "（2）", "（3）", "（4）", "（5）", "（6）"], RECORD).data_row
        == 3
    )


# ------------------------------------------------------------------- units
@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("整改资金（万元）", 10_000),
        ("整改资金，万元", 10_000),
        ("整改资金万元", 10_000),
        ("整改资金/万元", 10_000),
        ("整改资金（万元，含自筹）", 10_000),
        ("整改资金\n(单位：万元)", 10_000),
        ("整改资金（万）", 10_000),
        ("整改资金（百元）", 100),
        ("整改资金（千元）", 1_000),
        ("整改资金（人民币百万元）", 1_000_000),
        ("整改资金（亿元）", 100_000_000),
        ("整改资金（元）", 1),
    ],
)
def test_a_title_says_what_its_amounts_count(title: str, unit: int) -> None:
    layout = layout_of([*TITLES[:4], title])

    assert column_of(layout, "budget").money == Decimal(unit)


@pytest.mark.parametrize("title", ["整改资金", "整改资金（含1万元自筹）", "整改资金（五百元以上）"])
def test_a_title_without_a_unit_says_nothing_of_amounts(title: str) -> None:
    assert column_of(layout_of([*TITLES[:4], title]), "budget").money is None


@pytest.mark.parametrize(
    "above",
    [
        ["", "", "", "", "", "单位：万元"],
        ["", "", "", "", "", "（单位：万元）"],
        ["安全隐患台账（金额单位：万元）", "", "", "", "", ""],
        ["填报单位：县安委办", "", "", "", "", "单位：处、万元"],
        ["", "", "", "", "", "万元"],
    ],
)
def test_a_line_above_the_table_says_what_its_amounts_count(above: list[str]) -> None:
    layout = layout_of(above, TITLES, RECORD)

    assert layout.header_row == 2
    assert column_of(layout, "budget").money == Decimal(10_000)


def test_a_unit_among_the_titles_is_no_title() -> None:
    layout = layout_of([*TITLES, "单位：万元"], [*RECORD, ""])

    assert layout.columns[6].title == ""
    assert column_of(layout, "budget").money == Decimal(10_000)


def test_the_title_says_more_than_the_line_above() -> None:
    layout = layout_of(["", "", "", "单位：万元"], [*TITLES[:4], "整改资金（元）"], RECORD)

    assert column_of(layout, "budget").money == Decimal(1)


def test_a_row_of_units_below_the_titles_is_read_with_them() -> None:
    layout = layout_of(TITLES, ["", "", "", "", "（万元）", "天"], RECORD)

    assert layout.data_row == 3
    assert column_of(layout, "budget").money == Decimal(10_000)
    assert column_of(layout, "deadline").in_days


def test_units_that_contradict_each_other_are_asked_about() -> None:
    layout = layout_of([*TITLES[:4], "整改资金（元/万元）"], RECORD)

    assert [column.candidates for column in layout.asked] == [("budget",)]


@pytest.mark.parametrize("title", ["整改期限（天）", "整改期限（单位：天）", "整改期限/天"])
def test_a_deadline_may_count_days(title: str) -> None:
    assert column_of(layout_of([*TITLES[:5], title]), "deadline").in_days


def test_a_deadline_in_working_days_is_asked_about() -> None:
    assert layout_of([*TITLES[:5], "整改期限（工作日）"]).asked[0].candidates == ("deadline",)


def test_a_deadline_that_is_a_day_counts_none() -> None:
    assert not column_of(layout_of([*TITLES[:5], "整改期限（年/月/日）"]), "deadline").in_days


# -------------------------------------------------------------------- columns
def test_a_column_of_telephones_is_no_name() -> None:
    rows: list[list[Cell]] = [["1", "x", "13800000011"], ["2", "y", "0870-1234567"]]

    layout = guess_layout([["隐患描述", "场所", "责任人"], *rows], SYNONYMS, HINTS)

    assert "resolver_name" not in layout.mapping


OTHERS = (
    "地点", "隐患地点", "日期", "单位", "督办单位", "企业名称", "整改责任单位", "责任人及电话",
    "责任人电话", "备注", "照片", "验收日期", "截止日期", "整改期限（天）", "整改资金万元",
    "举报人", "地址", "年龄", "稳控措施", "联系电话", "序号", "天气",
    "责任单位意见", "整改要求和整改期限",
)  # fmt: skip
TABLES = some.lists(some.sampled_from((*TITLES, *OTHERS)), min_size=3, unique=True)


@given(titles=TABLES, order=some.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing_that_they_are_taken_for(
    titles: list[str], order: object
) -> None:
    shuffled = titles.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    def taken(row: list[str]) -> dict[str, tuple[object, ...]]:
        layout = layout_of(row, header_row=1)
        return {c.title: (c.role, c.field, c.candidates, c.personal) for c in layout.columns}

    assert taken(titles) == taken(shuffled)
