"""Columns about members of the public are never read in, whatever a ledger or a map calls them."""

from __future__ import annotations

import pytest

from bihuan.ledgers import mapping
from bihuan.ledgers.mapping import Mapping, MappingFault
from bihuan.ledgers.ways_out import Medium
from bihuan.ledgers.wording import explain
from bihuan.sheets.columns import Role, guess_layout
from bihuan.sheets.ledger import types
from bihuan.sheets.personal import Personal

PLAIN = ["检查日期", "场所", "隐患描述"]
# Whose rows a table is about: with one of these, more of it is personal.
SOMEBODY = "来信来访人 来访人 投诉人姓名 市民姓名 身份证号 当事人 姓名 家庭住址 年龄"
DESCRIBE_ANYBODY = """
    年龄 性别 民族 职业 工作单位 文化程度 婚姻状况 政治面貌 宗教信仰 出生日期 出生年月 社会关系
    家庭成员 家庭住址 联系地址 通讯地址 户籍地址 人员类别 人员类型 群体类别 身份类别 是否退役军人
    涉军类别 信访人类别 健康状况 来电号码 主叫号码 配偶 籍贯 age gender dateOfBirth employer
"""
BESIDE_SOMEBODY = (
    "单位 所在单位 单位名称 地址 详细地址 住所 职务 岗位 身份 关系 与户主关系 单位电话 address"
)
CONTROL = """
    稳控措施 稳控责任人 稳控责任单位 劝返情况 劝返责任人 包保责任人 包保领导 重点人员 是否重点人员
    管控对象 进京访次数 越级访 缠访情况 信访老户 上访次数 五包一 维稳措施 人员动向 现实表现
"""
# Words that look alike and are about officers, places and problems.
NOT_PERSONAL = """
    接访人 包案领导 责任人 责任人姓名 责任单位 整改单位 承办单位 管理人员 工作人员 重点部位
    管控措施 防范措施 隐患类别 信访人诉求 反映人主要诉求 举报人反映的问题 市民诉求 当事人诉求
    责任人职务 检查对象 场所地址 隐患地址 事发地址 问题点位 投诉内容 信访件编号 安全责任人
    稳定性评估 极端天气措施 监控设施
"""


def left_out(*titles: str, kind: str = "hazard") -> dict[str, Personal | None]:
    known = types.of(kind).vocabulary
    layout = guess_layout([[*PLAIN, *titles]], known.synonyms, known.hints, header_row=1)
    return {column.title: column.personal for column in layout.left_out}


@pytest.mark.parametrize("title", DESCRIBE_ANYBODY.split())
def test_what_can_only_be_said_of_a_person_is_left_out_of_any_table(title: str) -> None:
    assert left_out(title)[title] in (Personal.DESCRIBES, Personal.CONTACT)


@pytest.mark.parametrize("title", BESIDE_SOMEBODY.split())
@pytest.mark.parametrize("somebody", SOMEBODY.split())
def test_what_describes_a_person_is_left_out_beside_one(title: str, somebody: str) -> None:
    assert left_out(title, somebody)[title] in (Personal.DESCRIBES, Personal.CONTACT)


@pytest.mark.parametrize("title", ["单位", "单位名称", "地址", "详细地址", "职务"])
def test_the_same_words_in_a_table_of_places_are_not_personal(title: str) -> None:
    assert left_out(title) == {}
    assert title not in left_out(title, "联系人", "联系电话")


@pytest.mark.parametrize("title", CONTROL.split())
def test_columns_of_control_are_left_out_of_any_table(title: str) -> None:
    assert left_out(title) == {title: Personal.CONTROL}


@pytest.mark.parametrize("title", NOT_PERSONAL.split())
def test_officers_places_and_problems_stay_beside_members_of_the_public(title: str) -> None:
    assert title not in left_out(title, "来访人", "身份证号")


@pytest.mark.parametrize("kind", [each.kind for each in types.every()])
@pytest.mark.parametrize("title", (DESCRIBE_ANYBODY + CONTROL).split())
def test_no_map_of_any_kind_can_take_such_a_column(kind: str, title: str) -> None:
    wanted = Mapping(kind=kind, columns={"remark": title})

    with pytest.raises(MappingFault) as caught:
        mapping.laid_over(wanted, [[*PLAIN, title]])

    assert f'remark = "{title}"' in explain(caught.value, medium=Medium.COMMAND)
    assert f"“{title}”" in explain(caught.value)


def test_the_parts_of_a_person_are_personal_and_those_of_an_officer_are_not() -> None:
    rows = [
        ["隐患描述", "信访人", "", "", "责任人", "", ""],
        ["", "姓名", "单位", "电话", "姓名", "单位", "电话"],
    ]
    known = types.of("hazard").vocabulary

    layout = guess_layout(rows, known.synonyms, known.hints)

    assert [c.title for c in layout.left_out] == ["信访人 / 姓名", "信访人 / 单位", "信访人 / 电话"]
    assert layout.columns[4].field == "resolver_name"


def test_a_column_that_is_left_out_is_never_offered() -> None:
    known = types.of("hazard").vocabulary
    layout = guess_layout(
        [["来访人", "单位", "地址", "隐患描述", "检查日期"]], known.synonyms, known.hints
    )

    for column in layout.columns[:3]:
        assert column.role is Role.PERSONAL
        assert (column.field, column.candidates) == (None, ())
