"""A ledger written out and read back is the same ledger, and so is its case."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override

from bihuan.cases.actions import extensions
from bihuan.cases.models import Case, CaseQuerySet
from bihuan.core.hazard import Grade, Stage
from bihuan.core.places import Point
from bihuan.hazards.actions import deadline_extension, reporting
from bihuan.journal.models import Chain, Entry
from bihuan.ledgers.actions.exporting import write_ledger
from bihuan.orgs.models import Unit
from tests.emptying import empty, tables_around
from tests.factories import NOW, TODAY, bring, make_case, make_cast, make_plan, make_unit
from tests.hazards.majors import listed
from tests.ledgers.books import CLOSED, cells, counts, hazard, take
from tests.ledgers.books import table as office_table
from tests.ledgers.books import xlsx as write_xlsx
from tests.ledgers.kinds import DATA
from tests.ledgers.test_real_ledgers import NEW_YORK, NEW_YORK_MAP

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=60)
# Finer than a spreadsheet keeps.
MOMENT = NOW.replace(minute=7, second=8, microsecond=987_654)


def exported(path: Path, cases: CaseQuerySet | None = None) -> list[list[object]]:
    chosen = Case.objects.order_by("number") if cases is None else cases
    assert write_ledger(path, chosen) == chosen.count()
    return cells(path)


def forget_all_cases() -> None:
    """The same district without its cases; the journal's triggers stand aside meanwhile."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    empty(tables_around(Case, Entry, Chain))


def live_cases(county: Unit) -> None:
    """Cases of every stage and turn, made by the acts of their people."""
    town = make_unit(county, name="望湖镇", code="t1", kind=Unit.Kind.TOWN)
    cast = make_cast(town)
    for stage in Stage:
        make_case(town, stage=stage, cast=cast, now=MOMENT, point=Point(24.1234567890123, 102.7))
    major = make_case(town, stage=Stage.RECTIFYING, cast=cast, grade=Grade.MAJOR, now=MOMENT)
    listed(major, cast.leader, MOMENT)
    extended = make_case(town, stage=Stage.RECTIFYING, cast=cast, now=MOMENT)
    until = TODAY + timedelta(days=40)
    extensions.ask_extension(
        case=extended, actor=cast.handler, now=MOMENT, until_date=until, note="等材料"
    )
    deadline_extension.decide_extension(
        case=extended, actor=cast.leader, now=MOMENT, granted=True, note="同意"
    )
    rebound = make_case(town, stage=Stage.CLOSED, cast=cast, now=MOMENT)
    rebound = reporting.reopen(case=rebound, actor=cast.coordinator, now=MOMENT, note="又坏了")
    bring_again = make_case(town, stage=Stage.CLOSED, cast=cast, now=MOMENT)
    bring_again = reporting.reopen(
        case=bring_again, actor=cast.coordinator, now=MOMENT, note="又坏了"
    )
    reporting.assign(
        case=bring_again, plan=make_plan(cast.post), actor=cast.coordinator, now=MOMENT
    )
    formula = make_case(town, title="=1+1", place="@SUM(A1)", cast=cast, now=MOMENT)
    reporting.amend(
        case=formula, actor=cast.coordinator, now=MOMENT, title="=1+1", place="+86",
        description="第一行\r\n第二行  \t末", category="", note="更正",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_cases_made_here_come_back_cell_for_cell(
    county: Unit, tmp_path: Path, language: str
) -> None:
    live_cases(county)
    with override(language):
        first = exported(tmp_path / "first.xlsx")
        forget_all_cases()
        result = take(tmp_path / "first.xlsx", county, now=LATER)
        second = exported(tmp_path / "second.xlsx")

    assert result.errors == []
    assert counts(result) == (len(first) - 1, 0, 0, 0)
    assert second == first


def test_an_export_taken_in_where_it_came_from_changes_nothing(
    county: Unit, tmp_path: Path
) -> None:
    live_cases(county)
    count = len(exported(tmp_path / "out.xlsx")) - 1

    result = take(tmp_path / "out.xlsx", county, now=LATER)

    assert counts(result) == (0, 0, count, 0)


def test_the_stage_of_an_unverified_closure_says_that_it_waits(
    county: Unit, tmp_path: Path
) -> None:
    office = write_xlsx(tmp_path / "office.xlsx", office_table([hazard(**CLOSED)]))
    take(office, county, now=LATER)
    Case.objects.update(import_check=Case.ImportCheck.WAITING)

    first = exported(tmp_path / "first.xlsx")
    result = take(tmp_path / "first.xlsx", county, now=LATER)

    assert "已销号（导入，未核实）" in first[1]
    assert (result.errors, counts(result)) == ([], (0, 0, 1, 0))


def test_the_sample_comes_back_cell_for_cell(tmp_path: Path) -> None:
    call_command("load_district", str(DATA.parents[1] / "orgs/data/demo_district.toml"))
    county = Unit.objects.get(code="530499")
    created = counts(take(DATA / "sample.xlsx", county))[0]

    first = exported(tmp_path / "first.xlsx")
    forget_all_cases()
    result = take(tmp_path / "first.xlsx", county)
    second = exported(tmp_path / "second.xlsx")

    assert counts(result) == (created, 0, 0, 0)
    assert second == first


def test_a_citys_requests_come_back_cell_for_cell(county: Unit, tmp_path: Path) -> None:
    created = counts(take(NEW_YORK, county, NEW_YORK_MAP))[0]

    first = exported(tmp_path / "first.xlsx")
    assert counts(take(tmp_path / "first.xlsx", county)) == (0, 0, created, 0)
    forget_all_cases()
    result = take(tmp_path / "first.xlsx", county)
    second = exported(tmp_path / "second.xlsx")

    assert counts(result) == (created, 0, 0, 0)
    assert second == first


def test_rows_that_are_the_same_but_for_their_number_stay_apart(
    county: Unit, tmp_path: Path
) -> None:
    take(write_xlsx(tmp_path / "a.xlsx", office_table([hazard(1), hazard(1)])), county)

    first = exported(tmp_path / "first.xlsx")
    forget_all_cases()
    assert counts(take(tmp_path / "first.xlsx", county)) == (2, 0, 0, 0)

    assert exported(tmp_path / "second.xlsx") == first


def test_units_of_one_name_are_written_by_their_code(county: Unit, tmp_path: Path) -> None:
    for code in ("w1", "w2"):
        town = make_unit(county, name="卫生室", code=code)
        make_case(town, stage=Stage.REPORTED)

    first = exported(tmp_path / "first.xlsx")

    assert {"w1", "w2"} <= {cell for row in first for cell in row}
    assert counts(take(tmp_path / "first.xlsx", county)) == (0, 0, 2, 0)


def test_nothing_of_a_case_is_read_as_a_formula(county: Unit, tmp_path: Path) -> None:
    make_case(make_unit(county), title='=HYPERLINK("http://x.example")', place="=1+1")

    exported(tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_a_case_worked_on_after_its_return_is_the_same_case(county: Unit, tmp_path: Path) -> None:
    town = make_unit(county)
    cast = make_cast(town)
    case = make_case(town, cast=cast)
    exported(tmp_path / "out.xlsx")
    forget_all_cases()
    take(tmp_path / "out.xlsx", county)

    again = Case.objects.get(number=case.number)
    closed = bring(again, Stage.CLOSED, cast=cast, plan=make_plan(cast.post))

    assert closed.stage == Stage.CLOSED
    first = Entry.objects.filter(chain__subject=case.subject).earliest("seq")
    assert first.act == "import"
