"""One row of an office's ledger: what it says, and everything that is wrong in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.core.hazard import Grade, Stage
from bihuan.hazards.ledger.words import GRADES
from bihuan.ledgers.mapping import Mapping
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import UnknownWord
from bihuan.sheets.refusals import CellFault, CellRefused
from tests.factories import make_unit
from tests.ledgers.kinds import BY_NAME, FIELDS
from tests.ledgers.rows import GIVEN, faults, read, reader

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


# ----------------------------------------------------------------- every field
# Each column by its title: what it says, and what that is read as; units are looked up below.
EVERY: dict[str, tuple[object, object]] = {
    "编号": ("YH-2026-000017", "YH-2026-000017"),
    "来源编号": (18.0, "18"),
    "上报时间": (datetime(2026, 9, 2, 9, 30), datetime(2026, 9, 2, 9, 30, tzinfo=SHANGHAI)),
    "检查日期": ("2026年9月1日", date(2026, 9, 1)),
    "场所": (" 综合楼 ", "综合楼"),
    "隐患名称": ("护栏松动", "护栏松动"),
    "隐患描述": ("三楼护栏\r\n松动", "三楼护栏\n松动"),
    "问题类别": ("校舍", "校舍"),
    "等级": ("重大隐患", Grade.MAJOR),
    "判定依据": ("判定指南", "判定指南"),
    "发现单位": ("530499", "530499"),
    "检查人": ("张报", "张报"),
    "责任单位": ("望湖镇", "t1"),
    "责任人": ("王整改", "王整改"),
    "整改措施": ("加固", "加固"),
    "整改资金": ("0.35万元", Decimal("3500.00")),
    "整改期限": ("9月30日前", date(2026, 9, 30)),
    "应急预案": ("围挡", "围挡"),
    "整改情况": ("已加固", "已加固"),
    "验收人": ("赵验收", "赵验收"),
    "验收日期": ("9月10日", date(2026, 9, 10)),
    "是否销号": ("√", True),
    "销号时间": ("2026.9.11 8:05", datetime(2026, 9, 11, 8, 5, tzinfo=SHANGHAI)),
    "环节": ("已销号", Stage.CLOSED),
    "纬度": (24.123456789, 24.1234568),
    "经度": ("102.5", 102.5),
    "反弹次数": (2.0, 2),
    "备注": ("x", "x"),
}
KEPT_AS = {"unit": "owner", "deadline": "deadline_date"}


def test_every_column_of_a_ledger_is_read(county: Unit) -> None:
    make_unit(county, name="望湖镇", code="t1")
    codes = {unit.pk: unit.code for unit in Unit.objects.all()}

    row = read(county, **{title: answer for title, (answer, _) in EVERY.items()})

    found = {field.zh: getattr(row, KEPT_AS.get(field.name, field.name)) for field in FIELDS}
    found |= {title: codes[found[title]] for title in ("发现单位", "责任单位")}
    assert found == {title: expected for title, (_, expected) in EVERY.items()}


def test_a_row_shorter_than_its_header_says_the_less(county: Unit) -> None:
    values = {**GIVEN, "备注": "x"}

    (row,) = reader(county, values, None).read(list(GIVEN.values())).rows

    assert row.remark == ""


@pytest.mark.parametrize(
    "title", ["责任单位", "等级", "环节", "整改期限", "是否销号", "整改资金", "验收日期"]
)
@pytest.mark.parametrize("blank", ["", " ", "/", "无", "—", "N/A"])
def test_what_offices_write_for_nothing_says_nothing(county: Unit, title: str, blank: str) -> None:
    expected = read(county)
    if (title, blank) == ("整改资金", "无"):
        expected = expected._replace(budget=Decimal(0))
    if (title, blank) == ("是否销号", "无"):
        expected = expected._replace(closed=False)

    assert read(county, **{title: blank}) == expected


# ------------------------------------------------------------------------ words
@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("护栏松动", "护栏松动"),
        ("三楼东侧护栏松动。已设警戒线", "三楼东侧护栏松动"),
        ("短。三楼东侧护栏松动", "短。三楼东侧护栏松动"),
        ("长" * 80, "长" * 60),
        ("三楼\n护栏松动", "三楼 护栏松动"),
    ],
)
def test_a_title_is_made_from_the_first_words(county: Unit, description: str, title: str) -> None:
    row = read(county, 隐患描述=description)

    assert row.title == title
    assert row.description == ("" if title == description else description)


def test_a_row_without_title_and_place_is_read_for_the_rules_to_refuse(county: Unit) -> None:
    row = read(county, 场所="", 隐患描述="")

    assert (row.title, row.place) == ("", "")


@pytest.mark.parametrize(
    "field", sorted(each.name for each in FIELDS if each.most and each.name != "number")
)
def test_a_text_longer_than_its_place_is_refused(county: Unit, field: str) -> None:
    title = next(each.zh for each in FIELDS if each.name == field)

    found = faults(county, **{title: "长" * (BY_NAME[field].most + 1)})[field]

    assert isinstance(found, CellRefused)
    assert found.fault is CellFault.TOO_LONG


@pytest.mark.parametrize("text", [*GRADES.values(), "一般隐患", "重大事故隐患", "General", "MAJOR"])
def test_grades_are_known_by_their_words(county: Unit, text: str) -> None:
    assert read(county, 等级=text).grade in list(Grade)


STAGES = {
    Stage.REPORTED: "待确认",
    Stage.CONFIRMED: "待交办",
    Stage.REJECTED: "已驳回",
    Stage.ASSIGNED: "已交办",
    Stage.RECTIFYING: "整改中",
    Stage.SUBMITTED: "待验收",
    Stage.VERIFIED: "待销号",
    Stage.CLOSED: "已销号",
    Stage.RECHECKED: "已回头看",
}


@pytest.mark.parametrize(("stage", "text"), STAGES.items())
def test_stages_are_known_by_their_words(county: Unit, stage: Stage, text: str) -> None:
    assert read(county, 环节=text).stage is stage
    assert read(county, 环节=stage.value).stage is stage


@pytest.mark.parametrize(("title", "field"), [("等级", "grade"), ("环节", "stage")])
def test_an_unknown_word_is_refused(county: Unit, title: str, field: str) -> None:
    found = faults(county, **{title: "特大"})[field]

    assert isinstance(found, UnknownWord)
    assert found.shown == "特大"


def test_the_words_of_a_mapping_go_before_the_usual_ones(county: Unit) -> None:
    wanted = Mapping(
        columns={
            "stage": "状态",
            "place": "场所",
            "description": "隐患描述",
            "found_date": "检查日期",
        },
        words={"stage": {"办结": "closed", "挂起": ""}},
    )

    assert read(county, wanted, 状态="办结 ").stage is Stage.CLOSED
    assert read(county, wanted, 状态="挂起").stage is None
    assert isinstance(faults(county, wanted, 状态="不明")["stage"], UnknownWord)


def test_constants_hold_for_every_row_that_does_not_say_otherwise(county: Unit) -> None:
    columns = {
        "place": "场所",
        "description": "隐患描述",
        "found_date": "检查日期",
        "grade": "等级",
    }
    wanted = Mapping(columns=columns, constants={"grade": "一般", "category": "消防"})

    assert read(county, wanted, 等级="").grade is Grade.GENERAL
    assert read(county, wanted, 等级="重大").grade is Grade.MAJOR
    assert read(county, wanted, 等级="").category == "消防"


# ------------------------------------------------------------------------ units
def test_units_are_found_by_name_code_or_english_name_below_the_importing_one(
    county: Unit,
) -> None:
    town = make_unit(county, name="望湖镇", code="t1")
    Unit.objects.filter(pk=town.pk).update(name_en="Wanghu")

    assert {read(county, 责任单位=text).owner for text in ("望湖镇", "t1", "Wanghu")} == {town.pk}


def test_a_unit_elsewhere_or_of_a_shared_name_is_refused(county: Unit) -> None:
    make_unit(name="邻县")
    make_unit(county, name="卫生室")
    make_unit(county, name="卫生室")

    for text in ("邻县", "卫生室", "不存在"):
        assert isinstance(faults(county, 责任单位=text)["unit"], UnknownWord)
        assert isinstance(faults(county, 发现单位=text)["origin"], UnknownWord)


def test_without_units_the_importing_one_found_it_and_answers_for_it(county: Unit) -> None:
    town = make_unit(county, name="望湖镇")

    assert (read(county).origin, read(county).owner) == (county.pk, county.pk)
    assert read(county, 发现单位="望湖镇").owner == town.pk


# -------------------------------------------------------------------- the rest
@pytest.mark.parametrize(
    ("title", "values", "expected"),
    [
        ("整改资金（万元）", 0.35, "3500"),
        ("整改资金", "3,500元", "3500"),
        ("整改资金（万元）", "900元", "900"),
    ],
)
def test_money_counts_what_its_header_or_the_cell_says(
    county: Unit, title: str, values: Any, expected: str
) -> None:
    assert read(county, **{title: values}).budget == Decimal(expected)


@pytest.mark.parametrize("values", ["若干", -5, "1e99", True])
def test_what_is_no_money_is_refused(county: Unit, values: Any) -> None:
    assert isinstance(faults(county, 整改资金=values)["budget"], CellRefused)


@pytest.mark.parametrize(
    ("latitude", "longitude", "stored"),
    [
        (24.5, 102.5, True),
        ("24.5", "102.5", True),
        (0.0, 102.5, True),
        (24, 102, False),
        (24.5, "", False),
        ("", 102.5, False),
        (91.5, 102.5, False),
        (24.5, 180.5, False),
        ("nan", "102.5", False),
        ("inf", "102.5", False),
        ("北纬24度", 102.5, False),
    ],
)
def test_coordinates_that_say_no_place_are_dropped_and_counted(
    county: Unit, latitude: Any, longitude: Any, stored: bool
) -> None:
    values = {**GIVEN, "纬度": latitude, "经度": longitude}
    reads = reader(county, values, None)

    (row,) = reads.read(list(values.values())).rows

    assert (row.latitude is not None, row.longitude is not None) == (stored, stored)
    assert reads.without_place_on_map == (not stored)


@pytest.mark.parametrize(
    ("values", "expected"), [(2.0, 2), ("3", 3), (-1, 0), (1e9, 0), ("两次", 0)]
)
def test_rebounds_are_a_small_count(county: Unit, values: Any, expected: int) -> None:
    assert read(county, 反弹次数=values).rebounds == expected


@pytest.mark.parametrize(
    "number", ["（2026）12号", "AQ-7", "YH-2026-1", "YH-2026-1234567890", "YH-2026-００0001"]
)
def test_a_number_of_another_series_is_the_source_s_own(county: Unit, number: str) -> None:
    row = read(county, 编号=number)

    assert (row.number, row.source_ref) == ("", number)
    assert read(county, 编号=number, 来源编号="A1").source_ref == "A1"


def test_a_day_later_is_another_row(county: Unit) -> None:
    first, second = read(county), read(county, 检查日期=date(2026, 9, 2))

    assert first.key() != second.key()
    assert first.digest() != second.digest()
    assert first.key() == read(county, 备注="x").key()
    assert first.digest() != read(county, 备注="x").digest()
