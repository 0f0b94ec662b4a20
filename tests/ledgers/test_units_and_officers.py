"""Units by their short names, and a unit with its officer in one cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.notes import said_of
from bihuan.ledgers.said import all_here
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading.unit_officer import parted
from bihuan.sheets.ledger.unit_names import short_names
from bihuan.sheets.ledger.units import Units
from tests.factories import make_officer, make_unit
from tests.ledgers.books import TITLES, counts, hazard, separated, table, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(county: Unit) -> Unit:
    make_unit(county, name="云榆县应急管理局")
    return make_unit(county, name="青杉镇人民政府")


def read(tmp_path: Path, county: Unit, mapping: Mapping | None = None, **values: Any) -> Any:
    path = separated(tmp_path / "a.csv", table([hazard(**values)]))
    return take(path, county, mapping=mapping)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("青杉镇人民政府", "青杉镇"),
        ("东关街道办事处", "东关街道"),
        ("下青村村民委员会", "下青村"),
        ("云榆县应急管理局", "县应急局"),
        ("云榆县应急管理局", "应急管理局"),
        ("云榆县教育体育局", "教体局"),
        ("东关百货商场有限公司", "东关百货商场"),
        ("云榆县（演示）", "云榆县"),
    ],
)
def test_a_unit_has_the_short_names_that_offices_write(name: str, short: str) -> None:
    assert short in short_names(name)


@pytest.mark.parametrize(
    "name", ["青杉镇人民政府", "榆荫社区居民委员会", "城南超市", "开发区管委会"]
)
def test_no_word_for_any_unit_is_the_name_of_one(name: str) -> None:
    assert short_names(name).isdisjoint({"人民政府", "政府", "管委会", "居委会", "社区", "场"})


def test_a_short_name_is_read_and_what_was_read_is_said(
    tmp_path: Path, county: Unit, town: Unit
) -> None:
    result = read(tmp_path, county, 责任单位="青杉镇")

    assert counts(result) == (1, 0, 0, 0)
    assert Case.objects.get().owner == town
    assert result.readings == {"unit": {"青杉镇": "青杉镇人民政府"}}


@pytest.mark.parametrize(("officer", "said"), [("王整改", 1), ("白若兰", 0)])
def test_rows_under_way_that_no_post_would_hold_are_counted(
    tmp_path: Path, county: Unit, town: Unit, officer: str, said: int
) -> None:
    make_officer(town, Power.HANDLE, name="白若兰")

    result = read(tmp_path, county, 责任单位="青杉镇", 责任人=officer)

    assert counts(result) == (1, 0, 0, 0)
    assert result.noted["no_post"] == said
    assert any("没有责任岗位" in each for each in said_of(result.as_json(), "")) == bool(said)


def test_a_short_name_of_two_units_is_asked_about(tmp_path: Path, county: Unit, town: Unit) -> None:
    make_unit(county, name="青杉镇办事处")

    result = read(tmp_path, county, 责任单位="青杉镇")

    (reason,) = [said for _, _, said in all_here(result.errors)]
    assert counts(result) == (0, 0, 0, 1)
    assert "青杉镇人民政府" in reason
    assert "青杉镇办事处" in reason


def test_a_text_that_only_resembles_a_unit_is_asked_about(county: Unit, town: Unit) -> None:
    units = Units(county)

    assert units.find("青杉") is None
    assert list(units.suggested("青杉")) == ["青杉镇人民政府"]
    assert units.suggested("无关") == ()


@pytest.mark.parametrize(
    "cell",
    [
        "青杉镇 林小梅", "青杉镇/林小梅", "青杉镇（林小梅）", "林小梅（青杉镇）", "青杉镇\n林小梅",
        "青杉镇人民政府　林小梅 13800001111", "青杉镇：林小梅",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["责任单位", "责任人"])
def test_a_unit_and_its_officer_in_one_cell_are_both_read(
    tmp_path: Path, county: Unit, town: Unit, cell: str, column: str
) -> None:
    cells: dict[str, Any] = {"责任人": "", "责任单位": "", column: cell}

    result = read(tmp_path, county, None, **cells)

    case = Case.objects.get()
    assert (case.owner, case.resolver_name) == (town, "林小梅")
    (meanings,) = result.readings.values()
    assert list(meanings.values()) == ["青杉镇人民政府 · 林小梅"]


def test_an_officer_of_their_own_column_takes_precedence(
    tmp_path: Path, county: Unit, town: Unit
) -> None:
    read(tmp_path, county, 责任单位="青杉镇 林小梅", 责任人="何静")

    case = Case.objects.get()
    assert (case.owner, case.resolver_name) == (town, "何静")
    assert "青杉镇 林小梅" in case.hazard.remark


def test_the_unknown_unit_beside_an_officer_is_asked_about_alone(
    tmp_path: Path, county: Unit, town: Unit
) -> None:
    asked = read(tmp_path, county, 责任单位="安监站/张三", 责任人="")
    known = Mapping(
        columns={
            "found_date": "检查日期",
            "place": "场所",
            "description": "隐患描述",
            "unit": "责任单位",
        },
        words={"unit": {"安监站": "青杉镇"}},
    )
    answered = read(tmp_path, county, known, 责任单位="安监站/张三", 责任人="")

    assert asked.unknown == {"unit": {"安监站": 1}}
    assert counts(answered) == (1, 0, 0, 0)
    assert (Case.objects.get().owner, Case.objects.get().resolver_name) == (town, "张三")


def test_an_unknown_unit_in_the_column_of_officers_is_no_officer(
    tmp_path: Path, county: Unit, town: Unit
) -> None:
    result = read(
        tmp_path, county, 责任人="安监站/张三", 验收人="张三", 验收日期="2026-09-10", 是否销号="是"
    )

    assert counts(result) == (0, 0, 0, 1)
    assert [column for _, column, _ in all_here(result.errors)] == ["验收人"]


@pytest.mark.parametrize(
    "text",
    [
        "青杉镇",
        "林小梅",
        "林小梅、何静",
        "青杉镇 中学",
        "第一中学 食堂",
        "青杉镇、应急局",
        "欧 阳 娜 娜",
    ],
)
def test_a_cell_that_does_not_name_both_is_not_split(text: str) -> None:
    known = {"青杉镇": 1, "应急局": 2}

    assert parted(text, known.get) is None


def test_every_unread_column_is_named_with_its_first_values(tmp_path: Path, county: Unit) -> None:
    rows = table([hazard(1, 天气="晴", 空列=""), hazard(2, 天气="雨")], "天气", "空列")
    rows[2] += ["", "右侧"]

    result = take(separated(tmp_path / "a.csv", rows), county)

    shown = [(each["title"], each["letter"], each["samples"]) for each in result.unread]
    at = len(TITLES)
    assert shown == [
        ("序号", "A", ["1", "2"]),
        ("天气", chr(65 + at), ["晴", "雨"]),
        (f"[{chr(68 + at)}]", chr(68 + at), ["右侧"]),
    ]
    assert result.not_read == ["天气", f"[{chr(68 + at)}]"]
