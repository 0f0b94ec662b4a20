from collections.abc import Sequence

import pytest

from bihuan.sheets.columns import (
    Layout,
    Role,
    guess_layout,
    is_remark,
    key,
    letters,
    split_note,
)
from bihuan.sheets.meanings import CERTAIN, LIKELY
from bihuan.sheets.personal import Personal
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import SheetFault, SheetRefused

SYNONYMS = {
    "found_date": ("检查日期", "检查时间", "发现时间", "Created Date"),
    "place": ("场所", "地点", "Address", "Incident Address"),
    "description": ("隐患描述", "问题描述", "存在问题", "SR Type", "Complaint Type"),
    "unit": ("责任单位", "整改单位", "Agency"),
    "officer": ("责任人", "整改责任人"),
    "money": ("整改资金",),
    "due_date": ("整改期限", "整改时限", "Due Date"),
    "verifier": ("验收人",),
    "closed": ("是否销号",),
    "remark": ("备注",),
}
TITLES = [
    "序号",
    "检查日期",
    "场所",
    "隐患描述",
    "责任单位",
    "责任人",
    "整改期限",
    "验收人",
    "是否销号",
]
OF_THE_PUBLIC = """
    举报人 投诉人 反映人 信访人 来电人 诉求人姓名 举报人电话 投诉人地址 反映群众
    群众姓名 姓名 联系人 联系电话 电话 手机号 联系方式 身份证号 身份证号码
    证件号码 家庭住址 微信号 联系电话（必填） complainant reporter ReporterPhone
    Phone Email Reported_By CallerName mobile_number ID-Card Home_Address
"""
OF_OFFICE = """
    责任人 验收人 检查人 整改责任人 负责人电话 责任人联系电话 承办单位电话
    值班电话 包案领导 投诉内容 举报事项 信访件编号 投诉时间 举报方式 信访人次
    投诉人数 地址 场所 车牌号码 门牌号 投诉处理人 被检查单位 反映问题
    MethodReceived Agency_Phone Complaint_Type Incident_Address
    Open_Data_Channel_Type Agency_Name
"""


def layout_of(*rows: Sequence[Cell]) -> Layout:
    return guess_layout(rows, SYNONYMS)


def test_a_header_in_the_first_row_is_mapped_with_certainty() -> None:
    layout = layout_of(TITLES, [1.0, "2025.3.1", "一小", "堵塞", "一小", "张三", "", "李四", "是"])

    assert (layout.header_row, layout.data_row) == (1, 2)
    assert layout.columns[0].role is Role.SERIAL
    assert layout.mapping == {
        "found_date": 1,
        "place": 2,
        "description": 3,
        "unit": 4,
        "officer": 5,
        "due_date": 6,
        "verifier": 7,
        "closed": 8,
    }
    assert all(column.sure == CERTAIN for column in layout.columns[1:])


def test_titles_notes_and_blank_rows_above_the_header_are_passed_over() -> None:
    layout = layout_of(
        ["青山县安全隐患排查整改台账", *[""] * 8],
        [""] * 9,
        ["填报单位：青山镇", "", "", "", "填报日期：2025年3月", "", "", "", ""],
        TITLES,
        ["1", "2025.3.1", "一小", "堵塞", "一小", "张三", "立行立改", "李四", "是"],
    )

    assert (layout.header_row, layout.data_row) == (4, 5)
    assert layout.mapping["place"] == 2


def test_a_header_of_two_rows_reads_the_group_with_its_part() -> None:
    layout = layout_of(
        ["隐患台账", "", "", "", "", "", ""],
        ["序号", "检查", "", "整改", "", "", "备注"],
        ["", "日期", "地点", "期限", "资金（万元）", "责任人", ""],
        [1.0, "2025.3.1", "一小", "3月15日前", 0.5, "张三", ""],
    )

    assert (layout.header_row, layout.data_row) == (2, 4)
    assert layout.mapping == {
        "found_date": 1,
        "place": 2,
        "due_date": 3,
        "money": 4,
        "officer": 5,
        "remark": 6,
    }
    assert layout.columns[4].title == "整改 / 资金（万元）"
    assert layout.columns[4].note == "万元"


def test_the_row_under_a_blank_title_is_data_not_a_second_header() -> None:
    layout = layout_of(["序号", "隐患描述", "", "备注"], ["一", "堵塞", "甲", "乙"])

    assert layout.data_row == 2


@pytest.mark.parametrize(
    "title",
    [
        "整改期限（年/月/日）",
        "整改\n期限",
        "整 改 期 限",
        "整改期限：",
        "＊整改期限",
        "整改期限【必填】",
    ],
)
def test_notes_spaces_and_line_breaks_do_not_hide_a_title(title: str) -> None:
    layout = layout_of(["序号", "隐患描述", title])

    assert layout.mapping["due_date"] == 2
    assert layout.columns[2].sure == CERTAIN


@pytest.mark.parametrize("title", ["CreatedDate", "created_date", "CREATED DATE", "Created-Date"])
def test_english_titles_are_told_in_any_case(title: str) -> None:
    assert layout_of(["Id", title, "Agency"]).mapping == {"found_date": 1, "unit": 2}


def test_a_longer_title_is_a_guess_not_a_certainty() -> None:
    layout = layout_of(["序号", "隐患描述", "计划整改期限"])

    assert layout.mapping["due_date"] == 2
    assert LIKELY <= layout.columns[2].sure < CERTAIN


def test_a_field_is_given_to_the_column_that_fits_best() -> None:
    layout = layout_of(["序号", "整改责任单位", "责任单位", "隐患描述"])

    assert layout.mapping["unit"] == 2
    assert layout.columns[1].field is None


def test_a_sheet_without_titles_is_refused() -> None:
    with pytest.raises(SheetRefused) as caught:
        layout_of([1.0, 2.0], ["x" * 100, "y" * 100])

    assert caught.value.fault is SheetFault.NO_HEADER


@pytest.mark.parametrize("title", OF_THE_PUBLIC.split())
def test_columns_that_name_the_public_are_left_out(title: str) -> None:
    layout = layout_of(["序号", "隐患描述", title])

    assert [column.title for column in layout.left_out] == [title]
    assert "person" not in layout.mapping


@pytest.mark.parametrize("title", OF_OFFICE.split())
def test_officers_problems_and_places_are_not_taken_for_the_public(title: str) -> None:
    assert layout_of(["序号", "隐患描述", title]).left_out == ()


def test_a_personal_column_is_left_out_even_where_a_synonym_fits() -> None:
    layout = guess_layout([["序号", "隐患描述", "举报人"]], {"officer": ("举报人",)})

    assert layout.mapping == {}
    assert layout.columns[2].personal is Personal.PERSON


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["13800001111", 13912345678.0, "15000000000", "无"], Personal.HOLDS_PHONES),
        (["张三 138 0000 1111", "+86-13900001111", "19900001111"], Personal.HOLDS_PHONES),
        (["11010519491231002X", "440524188001010014", "无"], Personal.HOLDS_IDENTITIES),
    ],
)
def test_what_most_cells_look_like_decides_over_the_title(cells: list[Cell], why: Personal) -> None:
    layout = layout_of(["序号", "隐患描述", "其他"], *[[1.0, "x", cell] for cell in cells])

    assert layout.columns[2].personal is why


@pytest.mark.parametrize(
    "cells",
    [
        ["110105194912310021", "110105194912310022", "110105194912310023"],
        ["18-00269879", "18-00838880", "14-00293539"],
        ["电话13800001111已通知", "已通知", "未通知", "已整改"],
        ["13800001111", "", ""],
    ],
)
def test_other_long_numbers_and_rare_phones_stay(cells: list[Cell]) -> None:
    layout = layout_of(["序号", "隐患描述", "其他"], *[[1.0, "x", cell] for cell in cells])

    assert layout.left_out == ()


def test_an_officers_phone_stays_but_never_an_identity_number() -> None:
    phones: list[list[Cell]] = [[1.0, "x", "13800001111"]] * 3
    identities: list[list[Cell]] = [[1.0, "x", "11010519491231002X"]] * 3

    assert layout_of(["序号", "隐患描述", "责任人电话"], *phones).left_out == ()
    assert layout_of(["序号", "隐患描述", "责任人"], *identities).left_out != ()


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        (["", "", ""], True),
        (["合计", "", "", 3.0], True),
        (["填报人：张三", "", "", "审核人：李四"], True),
        (["注：本表一式两份", "", "", ""], True),
        (["一、云榆镇", "", "", ""], True),
        (["（二）学校", "", "", ""], True),
        (["一、云榆镇", "一小", "", ""], False),
        (["一号楼堵塞", "", "", ""], False),
        (["1", "合计", "x", "y"], False),
        (["审核资料不全", "", "", ""], False),
        (["合计欠缴费用未公示", "一小", "", ""], False),
        (["备注：见附件", "一小", "堵塞", "张三", "是"], False),
    ],
)
def test_totals_signatures_and_blank_rows_are_no_records(row: list[Cell], remark: bool) -> None:
    assert is_remark(row) is remark


def test_a_note_in_brackets_is_parted_from_its_title() -> None:
    assert split_note("整改资金（万元）") == ("整改资金", "万元")
    assert key("Created_Date ") == key("CreatedDate") == "createddate"


def test_columns_are_named_as_the_sheet_names_them() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
