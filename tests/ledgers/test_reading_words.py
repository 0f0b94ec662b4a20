"""Words in cells: closed only when they say finished, kept when they say something beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bihuan.core.hazard import Grade
from bihuan.core.history import RowFault, check, stage_of
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.hazards.rows import NotFixedYetVerified
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.row_reader import Read
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import Note, NoteKind, UnknownWord
from bihuan.sheets.refusals import CellRefused
from tests.factories import NOW, make_unit
from tests.ledgers.rows import GIVEN, faults, read, reader

pytestmark = pytest.mark.django_db
# Somebody verified it on this day, whatever the word beside says.
VERIFIED: dict[str, Any] = {"责任人": "白若兰", "验收人": "何静", "验收日期": date(2026, 9, 10)}
FINISHED = [
    "已整改", "已销号", "√", "已完成整改", "已整改到位", "整改完毕", "已闭环", "完成", "完成整改",
    "是（9月5日）", "是。", "✔", "1", 1.0, True, "Y", "true", "已整改\n", "销号", "已 整 改",
    "√已整改", "是，已销号",
]  # fmt: skip
STILL_OPEN = ["否", "×", "0", 0.0, False, "N", "未销号", "待销号"]
NOT_FIXED = [
    "整改中", "未整改", "正在整改", "基本完成", "部分完成", "否，整改中", "80%", "已整改80%",
    "待复查", "逾期未整改", "持续整改", "长期坚持", "不予销号", "已部分整改", "即将完成",
]  # fmt: skip
ASKED = [
    "已整改（未验收）", "已上报", "已移交", "已立案", "已停产", "已关停", "已下达整改通知书",
    "已交办", "已安排", "已转办", "已列入计划", "○", "100%", "已整改/未销号", "已启动",
    "已申请资金", "已督促整改", "是否", "已", "合格", "大概", "2", "是（未完成）", "√×",
]  # fmt: skip


def whole(unit: Unit, wanted: Mapping | None = None, /, **values: Any) -> Read:
    row = {**GIVEN, **values}
    return reader(unit, row, wanted).read(list(row.values()))


# --------------------------------------------------------------------- closings
@pytest.mark.parametrize("values", FINISHED)
def test_words_of_the_closed_list_close(county: Unit, values: Any) -> None:
    assert read(county, 是否销号=values, **VERIFIED).closed is True


@pytest.mark.parametrize("values", [*STILL_OPEN, *NOT_FIXED])
def test_words_for_an_open_hazard_never_close(county: Unit, values: Any) -> None:
    assert read(county, 是否销号=values).closed is False


@pytest.mark.parametrize("text", ASKED)
def test_any_other_word_is_asked_about(county: Unit, text: str) -> None:
    found = faults(county, 是否销号=text, **VERIFIED)

    assert set(found) == {"closed"}
    assert isinstance(found["closed"], UnknownWord)


@pytest.mark.parametrize("text", NOT_FIXED)
def test_a_word_that_contradicts_the_verifier_is_refused_at_both_cells(
    county: Unit, text: str
) -> None:
    found = faults(county, 是否销号=text, **VERIFIED)

    assert set(found) == {"closed", "verifier_name"}
    assert all(isinstance(each, NotFixedYetVerified) for each in found.values())


def test_whether_the_fix_is_done_cannot_be_denied_beside_its_verifier(county: Unit) -> None:
    wanted = Mapping(
        columns={
            "closed": "整改是否完成",
            "place": "场所",
            "description": "隐患描述",
            "found_date": "检查日期",
            "verifier_name": "验收人",
            "verified_date": "验收日期",
        }
    )

    found = faults(county, wanted, 整改是否完成="否", **VERIFIED)

    assert set(found) == {"closed", "verifier_name"}


@pytest.mark.parametrize(
    ("answer", "stage"),
    [("yes", "closed"), ("verified", "verified"), ("no", None), ("", "verified")],
)
def test_one_answer_serves_all_rows_with_the_same_words(
    county: Unit, answer: str, stage: str | None
) -> None:
    columns = {
        "closed": "状态", "place": "场所", "description": "隐患描述", "found_date": "检查日期",
        "verifier_name": "验收人", "verified_date": "验收日期",
    }  # fmt: skip
    wanted = Mapping(columns=columns, words={"closed": {"已督促整改": answer}})

    if stage is None:
        assert set(faults(county, wanted, 状态="已督促整改", **VERIFIED)) == {
            "closed",
            "verifier_name",
        }
    else:
        row = read(county, wanted, 状态="已督促整改", **VERIFIED)
        assert stage_of(row.facts()) == stage


def test_the_day_beside_a_word_is_kept_in_the_remark(county: Unit) -> None:
    assert read(county, 是否销号="是（9月5日）", **VERIFIED).remark == "是否销号：是（9月5日）"


def test_the_day_of_the_fix_does_not_close(county: Unit) -> None:
    columns = {
        "ended_at": "整改完成时间", "place": "场所", "description": "隐患描述",
        "found_date": "检查日期", "closed": "是否销号", "verified_date": "验收日期",
    }  # fmt: skip
    wanted = Mapping(columns=columns)

    fixed = read(county, wanted, 整改完成时间="2026-09-05", 是否销号="", 验收日期="")
    closed = read(county, wanted, 整改完成时间="9月5日", 是否销号="是", 验收日期="9月10日")

    assert (fixed.closed, fixed.ended_at, fixed.remark) == (None, None, "整改完成时间：2026-09-05")
    assert closed.ended_at is not None
    assert (closed.ended_at.date(), closed.remark) == (
        date(2026, 9, 10),
        "整改完成时间：2026-09-05",
    )


# --------------------------------------------------------------------- officers
@pytest.mark.parametrize(
    ("fixed", "verified"),
    [
        ("白若兰13800000000", "白若兰"),
        ("白若兰、何静", "何静"),
        ("白若兰 ", "白 若兰"),
        ("（何静）13800000001", "何静\n13800000001"),
    ],
)
def test_nobody_verifies_their_own_fix_however_they_are_written(
    county: Unit, fixed: str, verified: str
) -> None:
    row = read(county, 责任人=fixed, 验收人=verified, 验收日期=date(2026, 9, 10), 是否销号="是")

    with pytest.raises(HistoryRefused) as caught:
        check(row.facts(), stage_of(row.facts()), now=NOW)

    assert (caught.value.fault, caught.value.field) == (
        RowFault.VERIFIED_BY_RESOLVER,
        "verifier_name",
    )


def test_a_telephone_is_no_part_of_a_name_and_that_is_said(county: Unit) -> None:
    found = whole(
        county, 责任人="白若兰\n13800000002", 验收人="何静（所长）", 检查人="0870-1234567"
    )

    (row,) = found.rows
    assert (row.resolver_name, row.verifier_name, row.finder_name) == ("白若兰", "何静", "")
    assert row.remark == "验收人：何静（所长）"
    assert {note.field for note in found.notes if note.kind is NoteKind.PHONE_LEFT_OUT} == {
        "resolver_name",
        "finder_name",
    }


# ----------------------------------------------------------------- side remarks
@pytest.mark.parametrize(
    ("title", "text", "field", "value"),
    [
        ("整改资金", "业主自筹", "budget", None),
        ("整改资金", "待定", "budget", None),
        ("整改资金", "约3.5万", "budget", Decimal(35_000)),
        ("整改资金（万元）", "约12", "budget", Decimal(120_000)),
        ("等级", "较大", "grade", ""),
        ("反弹次数", "两次", "rebounds", 0),
        ("整改期限", "2026-09-20（雨季前）", "deadline_date", date(2026, 9, 20)),
        ("验收日期", "9月10日（现场）", "verified_date", date(2026, 9, 10)),
    ],
)
def test_a_side_remark_is_kept_and_the_row_with_it(
    county: Unit, title: str, text: str, field: str, value: object
) -> None:
    found = whole(county, **{title: text, "备注": "x"})

    (row,) = found.rows
    plain = title.partition("（")[0]
    assert getattr(row, field) == value
    assert row.remark == f"x；{plain}：{text}"
    assert NoteKind.IN_REMARK in {note.kind for note in found.notes}


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("整改资金", "若干", "budget"),
        ("整改资金", "三万", "budget"),
        ("整改资金", "十几万元", "budget"),
        ("整改资金", "3-5万", "budget"),
        ("等级", "特别重大", "grade"),
        ("等级", "重大（待定）", "grade"),
        ("整改期限", "2026-09-20（延至10月1日）", "deadline"),
        ("整改期限", "一周内", "deadline"),
        ("整改期限", "15日内", "deadline"),
    ],
)
def test_what_is_no_side_remark_is_refused(county: Unit, title: str, text: str, field: str) -> None:
    (refusal,) = [faults(county, **{title: text})[field]]

    assert isinstance(refusal, (CellRefused, UnknownWord))


def test_a_remark_grown_too_long_is_refused(county: Unit) -> None:
    assert "remark" in faults(county, 备注="长" * 9_999, 整改资金="业主自筹")


def test_a_grade_that_stays_unknown_is_none_and_never_general(county: Unit) -> None:
    assert read(county, 等级="较大").grade not in list(Grade)


def test_a_row_without_a_unit_says_so(county: Unit) -> None:
    town = make_unit(county, name="望湖镇")
    columns = {
        "unit": "责任单位", "place": "场所", "description": "隐患描述", "found_date": "检查日期",
    }  # fmt: skip
    for_all = Mapping(columns=columns, constants={"unit": "望湖镇"})

    assert Note(NoteKind.NO_UNIT, "unit") in whole(county, 责任单位="/").notes
    assert Note(NoteKind.NO_UNIT, "unit") not in whole(county, 责任单位="望湖镇").notes
    for blank in ("", "/"):
        found = whole(county, for_all, 责任单位=blank)
        assert found.rows[0].owner == town.pk
        assert Note(NoteKind.NO_UNIT, "unit") not in found.notes
