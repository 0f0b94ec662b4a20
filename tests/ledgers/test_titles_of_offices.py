"""What the titles that offices write are taken for: understood, asked about, or left out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bihuan.ledgers import mapping
from bihuan.sheets.columns import Column, Role, guess_layout
from bihuan.sheets.reader import Cell
from tests.ledgers.kinds import HAZARD

# Titles that were not recognised, by what they mean; an asked one offers it.
MEANT = {
    "found_date": "发现隐患时间",
    "place": "隐患所在地点 单位名称 企业名称 学校名称 检查对象 隐患单位 村（社区）",
    "description": "存在的问题及隐患 问题隐患清单 事故隐患具体内容 具体隐患 隐患事项",
    "grade": "隐患性质",
    "unit": "责任部门 属地乡镇 行业主管部门 督办单位",
    "resolver_name": "责任领导 责任人及联系电话 责任人/联系电话",
    "deadline": "计划完成时间 拟完成时间 限期整改时间 整改截止日期 整改时间",
    "ended_at": "整改完成时间 整改完成日期 实际完成时间 完成日期 办结日期",
    "closed": "是否整改到位 是否整改完毕 是否已销号 整改是否完成",
}
TO_ASK = {"属地乡镇", "行业主管部门", "督办单位", "整改时间"}
BESIDE = {"found_date": "检查日期", "place": "场所", "description": "隐患描述"}


def column(title: str, *related: str) -> Column:
    """The column under this title in a table that has these others."""
    layout = guess_layout([[*related, title]], HAZARD.synonyms, HAZARD.hints, header_row=1)
    return layout.columns[-1]


@pytest.mark.parametrize(
    ("field", "title"),
    [(name, each) for name, found_texts in MEANT.items() for each in found_texts.split()],
)
def test_a_title_of_offices_is_understood_or_asked_about(field: str, title: str) -> None:
    others = [found_texts for name, found_texts in BESIDE.items() if name != field]
    if field != "unit":
        others.append("责任单位")

    found = column(title, *others)

    if title in TO_ASK:
        assert found.role is Role.ASKED
    assert field in (found.field, *found.candidates)
    assert (found.role is Role.ASKED) == (found.field is None)


@pytest.mark.parametrize("title", MEANT["place"].split()[1:])
def test_a_name_that_may_be_a_place_or_a_unit_is_asked_about(title: str) -> None:
    found = column(title, "检查日期", "隐患描述")

    assert found.role is Role.ASKED
    assert set(found.candidates) == {"place", "unit"}


@pytest.mark.parametrize(
    "title",
    ["完成日期", "复核日期", "截止日期", "打印日期", "投产日期", "整改完成时间", "验收 时间"],
)
def test_a_day_of_something_else_is_never_the_day_found(title: str) -> None:
    assert column(title, "场所", "隐患描述", "责任单位").field != "found_date"
    assert column(title, *BESIDE.values(), "责任单位").field != "found_date"


def test_a_day_that_nothing_else_can_be_is_asked_about() -> None:
    found = column("登记造册日期", "场所", "隐患描述")

    assert (found.role, found.candidates) == (Role.ASKED, ("found_date",))


def test_a_column_that_is_merely_unknown_is_not_asked_about() -> None:
    assert column("天气", *BESIDE.values()).role is Role.OTHER
    assert column("督办单位", *BESIDE.values(), "责任单位", "检查单位").role is Role.OTHER


@pytest.mark.parametrize(
    ("titles", "taken"),
    [
        (["责任单位", "整改责任单位"], "整改责任单位"),
        (["地点", "隐患地点"], "隐患地点"),
        (["日期", "检查日期"], "检查日期"),
        (["地址", "场所"], "场所"),
        (["企业名称", "受检单位"], "受检单位"),
    ],
)
def test_the_more_specific_title_has_the_field(titles: Sequence[str], taken: str) -> None:
    for order in (titles, list(reversed(titles))):
        layout = guess_layout([["隐患描述", *order]], HAZARD.synonyms, HAZARD.hints)
        read = [c.title for c in layout.columns if c.field in ("unit", "place", "found_date")]
        assert read == [taken]


def test_equals_are_asked_about() -> None:
    rows = [["检查日期", "隐患描述", "隐患地点", "受检单位", "责任单位"]]

    with pytest.raises(mapping.Unanswered) as caught:
        mapping.guessed_surely(rows, HAZARD)

    assert caught.value.questions == [("隐患地点", ("place",)), ("受检单位", ("place",))]


def test_a_map_answers_what_was_asked() -> None:
    rows = [["检查日期", "隐患描述", "隐患地点", "受检单位", "责任单位"]]
    answered = mapping.Mapping(columns={"place": "受检单位", "description": "隐患描述"})

    assert mapping.laid_over(answered, rows).indexes == {"place": 3, "description": 1}


def test_the_parts_of_a_responsible_unit_are_told_apart() -> None:
    rows: list[list[Cell]] = [
        ["序号", "检查日期", "场所", "隐患描述", "责任单位", "", "备注"],
        ["", "", "", "", "主责", "配合", ""],
        [1.0, "2026-09-01", "商场", "堵塞", "云榆镇", "县消防", ""],
    ]

    found = mapping.guessed_surely(rows, HAZARD)

    assert (found.header_row, found.data_row) == (1, 3)
    assert found.indexes["unit"] == 4
    assert [column.title for column in found.not_read] == ["责任单位 / 配合"]


def test_unknown_parts_of_a_known_group_are_asked_about() -> None:
    rows = [["检查日期", "场所", "隐患描述", "责任单位", ""], ["", "", "", "甲", "乙"]]

    request = mapping.guessed(rows, HAZARD)[1].asked

    assert [(each.title, each.candidates) for each in request] == [
        ("责任单位 / 甲", ("unit",)),
        ("责任单位 / 乙", ("unit",)),
    ]
