"""The titles of ledgers as offices really send them: read, asked about, or refused with the reason.

`tests/data/ledgers_found/README.md` says of each file what an office expects.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bihuan.cases.models import Case
from bihuan.core.history import RowFault
from bihuan.hazards.models import Hazard
from bihuan.ledgers import mapping
from bihuan.orgs.models import Unit
from bihuan.sheets.refusals import SheetFault, SheetRefused
from tests.ledgers.books import TITLES, cells, hazard, separated, table, take, xlsx
from tests.ledgers.kinds import ROWS

pytestmark = pytest.mark.django_db

FOUND = Path(__file__).parents[1] / "data/ledgers_found"


def said(path: Path, *more: str) -> tuple[int, str]:
    """What the command says, and how it ends."""
    out = StringIO()
    status = 0
    try:
        call_command("import", str(path), "--kind", "hazard", "--unit", "530499", *more, stdout=out)
    except CommandError as error:
        return 2, str(error)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, out.getvalue()


def texts_kept() -> str:
    return repr([*Case.objects.values_list(), *Hazard.objects.values_list()])


# --------------------------------------------------------------------- titles
def test_f2_no_column_known_is_said_and_nothing_is_read(demo_county: Unit) -> None:
    status, words = said(FOUND / "F2_small.csv")

    assert status == 2
    assert "第 1 行" in words
    assert "Where it is" in words
    assert not Case.objects.exists()


def test_f2_a_map_and_the_row_of_titles_answer_it(demo_county: Unit, tmp_path: Path) -> None:
    answer = tmp_path / "map.toml"
    answer.write_text(
        '[columns]\ntitle = "What"\nplace = "Where it is"\n[constants]\nfound_date = "2026-09-01"\n'
    )

    status, words = said(FOUND / "F2_small.csv", "--map", str(answer), "--json")

    assert status == 0
    assert json.loads(words.splitlines()[-1])["created"] == 2
    assert set(Case.objects.values_list("title", flat=True)) == {"blocked exit", "loose rail"}


def test_a_file_without_rows_is_no_success(demo_county: Unit, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [TITLES])

    with pytest.raises(SheetRefused) as caught:
        take(path, demo_county)

    assert caught.value.fault is SheetFault.NO_ROWS
    assert said(path)[0] == 2


def test_somebody_says_which_row_holds_the_titles(demo_county: Unit, tmp_path: Path) -> None:
    rows: list[Sequence[Any]] = [
        ["检查日期", "场所", "隐患描述", "责任单位"],
        ["说明一", "说明二", "说明三", "说明四"],
        ["日期", "地点", "问题", "责任单位"],
        ["2026-09-01", "商场", "堵塞", ""],
    ]
    path = separated(tmp_path / "a.csv", rows)

    status, words = said(path, "--header-row", "3", "--json")
    figures = json.loads(words.splitlines()[-1])

    assert status == 0
    assert (figures["header_row"], figures["rows"], figures["created"]) == (3, 1, 1)
    assert said(path, "--header-row", "7")[0] == 2


def test_the_report_always_says_the_row_of_titles_and_what_was_not_read(demo_county: Unit) -> None:
    status, words = said(FOUND / "F9_phone_column.xlsx", "--json")
    figures = json.loads(words.splitlines()[-1])

    assert status == 0
    assert "读作列标题：第 1 行" in words
    assert "责任人电话" in words
    assert figures["not_read"] == ["责任人电话"]
    assert figures["columns"]["place"] == "地点"
    assert set(Case.objects.values_list("resolver_name", flat=True)) == {""}


def test_what_is_not_sure_is_refused_with_the_question(demo_county: Unit, tmp_path: Path) -> None:
    rows = [["检查日期", "场所", "隐患描述", "督办单位"], ["2026-09-01", "商场", "堵塞", "x"]]

    status, words = said(separated(tmp_path / "a.csv", rows))

    assert status == 2
    assert "督办单位" in words
    assert "unit (责任单位)" in words
    assert not Case.objects.exists()


def test_a_map_is_written_to_be_corrected(demo_county: Unit, tmp_path: Path) -> None:
    rows = [["检查日期", "场所", "隐患描述", "督办单位"], ["2026-09-01", "商场", "堵塞", ""]]
    path, out = separated(tmp_path / "a.csv", rows), tmp_path / "map.toml"

    written = said(path, "--write-map", str(out))
    words = out.read_text(encoding="utf-8")
    out.write_text(words + 'unit = "督办单位"\n', encoding="utf-8")

    assert written[0] == 0
    assert '# "督办单位": origin | unit' in words
    assert said(path, "--map", str(out))[0] == 0
    assert Case.objects.count() == 1


def test_the_same_is_only_not_read_where_a_map_says_the_others(
    demo_county: Unit, tmp_path: Path
) -> None:
    rows = [["检查日期", "场所", "隐患描述", "督办单位"], ["2026-09-01", "商场", "堵塞", "x"]]
    wanted = mapping.Mapping(
        columns={"found_date": "检查日期", "place": "场所", "description": "隐患描述"}
    )

    result = take(separated(tmp_path / "a.csv", rows), demo_county, wanted)

    assert (result.rows, result.refused, result.not_read) == (1, 0, ["督办单位"])


def test_z01_has_its_titles_in_two_rows(demo_county: Unit) -> None:
    result = take(FOUND / "Z01_everything.xlsx", demo_county, dry_run=True)

    assert (result.titles["header_row"], result.titles["last_header_row"]) == (3, 4)
    assert result.titles["money"] == {"整改落实情况 / 整改资金": "10000"}
    assert result.titles["columns"]["resolver_name"] == "整改责任 / 责任人及电话"
    assert result.not_read == ["状态"]


# ---------------------------------------------------------------------- money
@pytest.mark.parametrize(
    "name",
    [
        "D03_money_unit_above_table.xlsx",
        "D03c_money_unit_after_comma.xlsx",
        "D03e_money_unit_with_more.xlsx",
    ],
)
def test_amounts_count_what_the_table_says(demo_county: Unit, name: str) -> None:
    result = take(FOUND / name, demo_county)

    assert (result.rows, result.refused) == (2, 0)
    budgets = set(Hazard.objects.values_list("budget", flat=True))
    assert budgets == {Decimal("5000.00"), Decimal("120000.00")}
    assert list(result.titles["money"].values()) == ["10000"]


def test_refused_rows_come_back_with_the_unit_that_stood_above_the_table(
    demo_county: Unit, tmp_path: Path
) -> None:
    rows = [["单位：万元"], *table([hazard(1, 整改资金=0.5, 场所="")])]
    out = tmp_path / "refused.xlsx"
    take(xlsx(tmp_path / "a.xlsx", rows), demo_county, errors_to=out)
    back = cells(out)
    back[1][2] = "商场"

    again = take(xlsx(tmp_path / "b.xlsx", [row[: len(TITLES)] for row in back]), demo_county)

    assert again.refused == 0
    assert Hazard.objects.get().budget == Decimal("5000.00")


def test_a_map_says_what_amounts_count(demo_county: Unit, tmp_path: Path) -> None:
    wanted = mapping.Mapping(
        columns={
            "found_date": "检查日期",
            "place": "场所",
            "description": "隐患描述",
            "budget": "整改资金",
        },
        money="千元",
    )

    take(xlsx(tmp_path / "a.xlsx", table([hazard(1, 整改资金=3)])), demo_county, wanted)

    assert Hazard.objects.get().budget == Decimal("3000.00")


def test_d27_a_deadline_in_days_is_said_once(demo_county: Unit) -> None:
    assert take(FOUND / "D27_deadline_in_days.xlsx", demo_county, dry_run=True).titles[
        "in_days"
    ] == ["整改期限（天）"]


# ------------------------------------------------------------------- boundary
def test_f4_a_ledger_of_petitions_is_not_read_as_hazards(demo_county: Unit) -> None:
    status, words = said(FOUND / "F4_petition_ledger.xlsx")

    assert status == 2
    assert "信访台账" in words
    assert "--kind grievance" in words
    assert not Case.objects.exists()


def test_f4_a_map_cannot_take_the_employer_of_a_petitioner(demo_county: Unit) -> None:
    status, words = said(FOUND / "F4_petition_ledger.xlsx", "--map", str(FOUND / "F4_map.toml"))

    assert status == 2
    assert 'origin = "单位"' in words
    assert not Case.objects.exists()


def test_f7_homes_are_no_places_and_control_is_refused(demo_county: Unit) -> None:
    status, words = said(FOUND / "F7_home_address.xlsx")

    assert status == 1
    for title in ("来电人", "联系地址", "稳控措施"):
        assert title in words
    assert "管控人员" in words
    assert "信访台账" in words
    assert str(ROWS[RowFault.NO_PLACE]) in words
    for stored in ("东关路8号", "老街12号", "专人盯守"):
        assert stored not in texts_kept()
        assert stored not in words
