"""A second file changes what it says, and nothing that it says nothing of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.core.history import RowFault
from bihuan.hazards.models import Hazard
from bihuan.journal.actions import erase_values
from bihuan.journal.models import Entry, KeptValues
from bihuan.journal.queries import verify
from bihuan.ledgers.said import here
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Answer, Answers
from tests.factories import NOW, make_unit
from tests.ledgers.books import counts, separated, take
from tests.ledgers.books import xlsx as write_xlsx
from tests.ledgers.kinds import ROWS

pytestmark = pytest.mark.django_db
FULL: dict[str, Any] = {
    "隐患编号": "AJ-001",
    "检查日期": date(2026, 3, 2),
    "场所": "液化气站",
    "隐患名称": "储罐安全阀失效",
    "隐患描述": "2号储罐安全阀未校验",
    "隐患类别": "燃气",
    "等级": "重大",
    "判定依据": "燃气经营安全重大隐患判定标准第六条",
    "责任单位": "县水利局",
    "责任人": "董海波",
    "整改措施": "更换安全阀并校验",
    "整改资金": "30000",
    "整改期限": date(2026, 12, 15),
    "应急预案": "停用2号罐，设警戒线",
    "整改情况": "已采购",
    "备注": "县安委会督办",
}
NEEDED = ("隐患编号", "检查日期", "场所", "隐患名称")
OTHER = {
    "隐患类别": "特种设备",
    "判定依据": "另一条",
    "责任人": "何静",
    "整改措施": "停用",
    "整改资金": "100.5",
    "整改期限": date(2026, 12, 31),
    "应急预案": "",
    "整改情况": "已到货",
    "备注": "",
}
# Where each column is kept.
KEPT_IN = {
    "隐患描述": "description",
    "隐患类别": "category",
    "等级": "grade",
    "判定依据": "standard",
    "责任人": "resolver_name",
    "整改措施": "measures",
    "整改资金": "budget",
    "整改期限": "deadline_date",
    "应急预案": "contingency",
    "整改情况": "progress",
    "备注": "remark",
}
SAME = Answers(others=Answer.SAME)


@pytest.fixture
def county() -> Unit:
    unit = make_unit(name="云岭县", code="530499")
    make_unit(unit, name="县水利局")
    return unit


def book(path: Path, *rows: dict[str, Any]) -> Path:
    titles = list(rows[0])
    return write_xlsx(path, [titles, *(list(row.values()) for row in rows)])


def everything() -> dict[str, Any]:
    """All that is kept of the one case and its hazard."""
    return {**Hazard.objects.values().get(), **Case.objects.values().get()}


def changed(before: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the second file changed, but for what notes that it was read."""
    after = everything()
    noted = ("version", "source_digest")
    return {
        name: (old, after[name])
        for name, old in before.items()
        if old != after[name] and name not in noted
    }


def test_a_file_with_fewer_columns_leaves_the_others(county: Unit, tmp_path: Path) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()
    fewer = {name: FULL[name] for name in (*NEEDED, "责任单位")}

    result = take(book(tmp_path / "b.xlsx", {**fewer, "整改期限": date(2026, 12, 31)}), county)

    assert counts(result) == (0, 1, 0, 0)
    assert {name: new for name, (_, new) in changed(before).items()} == {
        "deadline_date": date(2026, 12, 31),
        "due_at": Clock.objects.get().due_at,
    }


def test_the_same_fewer_columns_again_change_nothing(county: Unit, tmp_path: Path) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()

    result = take(book(tmp_path / "b.xlsx", {name: FULL[name] for name in NEEDED}), county)

    assert counts(result) == (0, 0, 1, 0)
    assert everything() == before


def test_an_empty_cell_empties_nothing(county: Unit, tmp_path: Path) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()
    blank = {name: FULL[name] if name in NEEDED else "" for name in FULL}

    result = take(book(tmp_path / "b.xlsx", blank), county)

    assert counts(result) == (0, 0, 1, 0)
    assert everything() == before


def test_an_empty_cell_empties_when_the_person_says_so(county: Unit, tmp_path: Path) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()
    blank = {**{name: FULL[name] for name in NEEDED}, "备注": "", "整改资金": "", "责任单位": ""}

    result = take(book(tmp_path / "b.xlsx", blank), county, empty_clears=True)

    assert counts(result) == (0, 1, 0, 0)
    assert changed(before) == {
        "remark": ("县安委会督办", ""),
        "budget": (Decimal("30000.00"), None),
    }


@pytest.mark.parametrize("name", ["隐患名称", "场所"])
def test_what_every_hazard_has_is_never_emptied(county: Unit, tmp_path: Path, name: str) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()

    blank = {**FULL, name: "", "隐患描述": FULL["隐患描述"]}
    take(book(tmp_path / "b.xlsx", blank), county, empty_clears=True)

    assert changed(before) == {}


def test_a_title_made_of_the_description_follows_it(county: Unit, tmp_path: Path) -> None:
    row = {"隐患编号": "A", "检查日期": date(2026, 3, 2), "场所": "站", "隐患描述": "阀门漏气"}
    take(book(tmp_path / "a.xlsx", row), county)

    longer = {**row, "隐患描述": "阀门漏气。已拉警戒线，等备件"}
    take(book(tmp_path / "b.xlsx", longer), county, answers=SAME)

    case = Case.objects.get()
    assert (case.title, case.description) == ("阀门漏气。已拉警戒线，等备件", "")


def test_a_title_of_its_own_stays_when_only_the_description_is_told(
    county: Unit, tmp_path: Path
) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    fewer = {name: FULL[name] for name in ("隐患编号", "检查日期", "场所")}

    longer = {**fewer, "隐患描述": "2号储罐安全阀未校验，已停用"}
    take(book(tmp_path / "b.xlsx", longer), county, answers=SAME)

    case = Case.objects.get()
    assert (case.title, case.description) == ("储罐安全阀失效", "2号储罐安全阀未校验，已停用")


def test_a_clock_that_waits_is_not_begun_again_by_a_remark(county: Unit, tmp_path: Path) -> None:
    row = {name: FULL[name] for name in NEEDED}
    take(book(tmp_path / "a.xlsx", row), county)
    clock = Clock.objects.values().get()

    take(book(tmp_path / "b.xlsx", {**row, "备注": "催办"}), county)

    assert Hazard.objects.get().remark == "催办"
    assert Clock.objects.values().get() == clock


def test_an_ended_case_is_never_changed_or_reopened(county: Unit, tmp_path: Path) -> None:
    end = {"验收人": "何静", "验收日期": date(2026, 4, 1), "是否销号": "是"}
    take(book(tmp_path / "a.xlsx", {**FULL, **end}), county)
    before = everything()
    out = tmp_path / "refused.xlsx"

    opened = take(book(tmp_path / "b.xlsx", {**FULL, "是否销号": "否"}), county, errors_to=out)
    budget = take(book(tmp_path / "c.xlsx", {**FULL, "整改资金": "1"}), county)
    same = take(book(tmp_path / "d.xlsx", FULL), county)

    assert counts(opened) == counts(budget) == (0, 0, 0, 1)
    assert counts(same) == (0, 0, 1, 0)
    assert all(str(ROWS[RowFault.ENDED]) in here(each.errors[0][2]) for each in (opened, budget))
    assert everything() == before


class _Undone(Exception):
    """Puts the database back between two examples."""


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(said=st.sets(st.sampled_from(sorted(OTHER))))
def test_any_columns_of_a_second_file_leave_all_others_untouched(
    county: Unit, tmp_path: Path, said: set[str]
) -> None:
    first = separated(tmp_path / "a.csv", [list(FULL), list(FULL.values())])
    row = {**{name: FULL[name] for name in NEEDED}, **{name: OTHER[name] for name in said}}
    second = separated(tmp_path / "b.csv", [list(row), list(row.values())])
    try:
        with transaction.atomic():
            take(first, county)
            before = everything()

            take(second, county)

            expected = {KEPT_IN[name] for name in said if OTHER[name]}
            touched = set(changed(before))
            raise _Undone
    except _Undone:
        pass
    assert touched - {"due_at"} == expected
    assert ("due_at" in touched) == ("整改期限" in said)


# ------------------------------------------------------------------ what was replaced
def test_old_values_are_kept_beside_the_journal_and_shown_on_the_timeline(
    county: Unit, tmp_path: Path, desk: Client
) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    row = {name: FULL[name] for name in NEEDED}
    take(book(tmp_path / "b.xlsx", {**row, "等级": "一般", "备注": "县领导包联"}), county)
    case = Case.objects.get()

    stored = KeptValues.objects.get()
    page = desk.get(case.get_absolute_url()).content.decode()

    assert stored.changes == [
        ("grade", "major", "general"),
        ("remark", "县安委会督办", "县领导包联"),
    ]
    for text in ("备注", "县安委会督办", "县领导包联", "重大", "一般"):
        assert text in page
    assert "县安委会督办" not in "".join(Entry.objects.values_list("detail", flat=True))
    assert verify().ok

    erase_values(case.subject, by=None, at=NOW, note="不再需要")
    page = desk.get(case.get_absolute_url()).content.decode()
    assert "县安委会督办" not in page
    assert "原值已清除" in page
    assert verify().ok


def test_a_file_may_change_a_case_whose_old_values_were_erased(
    county: Unit, tmp_path: Path
) -> None:
    row = {name: FULL[name] for name in NEEDED}
    take(book(tmp_path / "a.xlsx", {**row, "备注": "一"}), county)
    take(book(tmp_path / "b.xlsx", {**row, "备注": "二"}), county)
    erase_values(Case.objects.get().subject, by=None, at=NOW, note="不再需要")

    result = take(book(tmp_path / "c.xlsx", {**row, "备注": "三"}), county)

    assert counts(result) == (0, 1, 0, 0)


# --------------------------------------------------------------------- words for the remark
def test_words_of_other_cells_never_replace_the_remark_of_a_case_that_is_here(
    county: Unit, tmp_path: Path
) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    before = everything()
    row = {name: FULL[name] for name in NEEDED}

    result = take(
        book(tmp_path / "b.xlsx", {**row, "整改资金": "业主自筹", "整改情况": "已到货"}), county
    )

    assert {name: new for name, (_, new) in changed(before).items()} == {"progress": "已到货"}
    assert result.noted["not_kept"] == 1
    assert "in_remark" not in result.noted
    assert "业主自筹" in here(result.notes[0][2])


def test_the_same_words_again_are_no_change_and_nothing_is_said_to_be_lost(
    county: Unit, tmp_path: Path
) -> None:
    row = {**{name: FULL[name] for name in NEEDED}, "整改资金": "业主自筹", "整改情况": "未动工"}
    take(book(tmp_path / "a.xlsx", row), county)

    result = take(book(tmp_path / "b.xlsx", {**row, "整改情况": "已到货"}), county)

    assert Hazard.objects.get().remark == "整改资金：业主自筹"
    assert "not_kept" not in result.noted


def test_a_remark_in_the_row_comes_with_the_words_of_other_cells(
    county: Unit, tmp_path: Path
) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    row = {name: FULL[name] for name in NEEDED}

    values = {**row, "整改资金": "业主自筹", "备注": "催办"}
    take(book(tmp_path / "b.xlsx", values), county)

    assert Hazard.objects.get().remark == "催办；整改资金：业主自筹"


def test_an_emptied_remark_keeps_the_words_of_other_cells(county: Unit, tmp_path: Path) -> None:
    take(book(tmp_path / "full.xlsx", FULL), county)
    row = {name: FULL[name] for name in NEEDED}

    values = {**row, "整改资金": "业主自筹", "备注": ""}
    take(book(tmp_path / "b.xlsx", values), county, empty_clears=True)

    assert Hazard.objects.get().remark == "整改资金：业主自筹"
