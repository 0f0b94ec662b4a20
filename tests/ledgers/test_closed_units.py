"""A ledger that comes in again after its unit was closed: its rows are known to the successor."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bihuan.cases.models import Case
from bihuan.orgs.access import Console
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Answer, Answers, Doubt
from tests.cases.closing import close
from tests.factories import make_unit
from tests.ledgers.books import CLOSED, counts, hazard, table, take, xlsx

pytestmark = pytest.mark.django_db
ROWS = [hazard(1, **CLOSED), hazard(2), hazard(3)]


def town(county: Unit, name: str) -> Unit:
    return make_unit(county, name=name, kind=Unit.Kind.TOWN)


@pytest.fixture
def merged(county: Unit, tmp_path: Path) -> tuple[Path, Unit]:
    """The ledger of a town that was merged into another, and that one into a third."""
    first, second, third = (town(county, name) for name in ("望湖镇", "石桥镇", "东关镇"))
    path = xlsx(tmp_path / "台账.xlsx", table(ROWS))
    assert counts(take(path, first)) == (3, 0, 0, 0)
    close(first, Console.CONSOLE, second)
    close(second, Console.CONSOLE, third)
    return path, third


def test_the_successor_brings_in_nothing_twice(merged: tuple[Path, Unit]) -> None:
    path, heir = merged

    result = take(path, heir)

    assert counts(result) == (0, 0, 3, 0)
    assert Case.objects.count() == 3


def test_a_corrected_row_is_asked_about_and_no_second_case(
    merged: tuple[Path, Unit], tmp_path: Path
) -> None:
    _path, heir = merged
    finder = {"检查单位": "东关镇"}
    rows = [ROWS[0], {**ROWS[1], "隐患描述": "第2处疏散指示灯全部不亮"}, {**ROWS[2], **finder}]

    result = take(xlsx(tmp_path / "again.xlsx", table(rows, "检查单位")), heir)

    assert counts(result) == (0, 0, 2, 1)
    assert result.found.asked == 1
    assert Case.objects.count() == 3


def test_what_the_successor_found_itself_is_a_case_of_its_own(
    merged: tuple[Path, Unit], tmp_path: Path
) -> None:
    _path, heir = merged
    other = [hazard(1, 场所="第二小学", 隐患描述="护栏松动", 检查日期=date(2026, 9, 2))]

    assert counts(take(xlsx(tmp_path / "own.xlsx", table(other)), heir)) == (1, 0, 0, 0)


def test_a_unit_that_took_nothing_over_is_another_one(
    merged: tuple[Path, Unit], county: Unit
) -> None:
    path, _heir = merged
    new = Answers(others=Answer.NEW)

    request = take(path, town(county, "西山镇"))

    assert request.found.doubts == {Doubt.ELSEWHERE: 3}
    assert counts(take(path, town(county, "北关镇"), answers=new)) == (3, 0, 0, 0)


def test_rows_with_numbers_are_known_to_the_successor_too(county: Unit, tmp_path: Path) -> None:
    numbered = [{**row, "隐患编号": f"AJ-{n}"} for n, row in enumerate(ROWS)]
    path = xlsx(tmp_path / "台账.xlsx", table(numbered, "隐患编号"))
    first, heir = town(county, "望湖镇"), town(county, "东关镇")
    take(path, first)
    close(first, Console.CONSOLE, heir)

    assert counts(take(path, heir)) == (0, 0, 3, 0)
    assert counts(take(path, heir, answers=Answers(others=Answer.NEW))) == (0, 0, 3, 0)
