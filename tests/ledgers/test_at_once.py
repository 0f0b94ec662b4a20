"""One workbook brought in twice at the same moment: every row becomes one case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bihuan.cases.models import Case
from bihuan.imports.actions.row_numbers import RowNumbers
from bihuan.journal.queries import verify
from bihuan.ledgers.actions import importing
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import RowOutcome
from tests.at_once import at_once
from tests.factories import NOW
from tests.ledgers.books import hazard, table, xlsx
from tests.ledgers.test_registers import PETITIONS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROWS = 40
NUMBERED = [hazard(n) for n in range(1, ROWS + 1)]
UNNUMBERED = [{**row, "序号": ""} for row in NUMBERED]
REGISTER = [
    {**PETITIONS[0], "工单编号": f"GD-{n}", "问题点位": f"东关路{n}号", "承办单位": ""}
    for n in range(ROWS)
]


def both(path: Path, county: Unit, kind: str = "hazard", **how: Any) -> list[Result]:
    """Two officers import the file at once, a few rows in each transaction."""

    def one() -> Result:
        source = Source(path, path.name, county, kind=kind)
        return take_in(source, words=words(), actor=None, now=NOW, **how)

    results = [each for each in at_once(one, one) if isinstance(each, Result)]
    assert len(results) == 2
    return results


def total(results: Sequence[Result], outcome: RowOutcome) -> int:
    return sum(result.counts[outcome] for result in results)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("rows", [NUMBERED, UNNUMBERED], ids=["numbered", "unnumbered"])
def test_two_imports_of_one_workbook_make_no_second_case(
    county: Unit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[dict[str, Any]],
    whole: bool,
) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    path = xlsx(tmp_path / "a.xlsx", table(rows))

    results = both(path, county, whole=whole)

    assert Case.objects.count() == ROWS
    assert [result.refused for result in results] == [0, 0]
    assert total(results, RowOutcome.CREATED) == ROWS
    assert total(results, RowOutcome.UNCHANGED) == ROWS
    numbers = Case.objects.values_list("number", flat=True)
    assert len({*numbers}) == ROWS
    assert verify().ok


def test_two_imports_of_one_register_make_no_second_case(
    county: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    lines: list[list[Any]] = [list(REGISTER[0]), *(list(row.values()) for row in REGISTER)]
    path = xlsx(tmp_path / "a.xlsx", lines)

    results = both(path, county, "grievance")

    assert Case.objects.count() == ROWS
    assert total(results, RowOutcome.CREATED) == ROWS
    assert total(results, RowOutcome.UNCHANGED) == ROWS


def test_two_imports_of_one_correction_change_each_case_once(
    county: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    both(xlsx(tmp_path / "a.xlsx", table(NUMBERED)), county)
    later = [{**row, "整改情况": "已更换一半"} for row in NUMBERED]

    results = both(xlsx(tmp_path / "b.xlsx", table(later)), county)

    assert total(results, RowOutcome.UPDATED) == ROWS
    assert total(results, RowOutcome.UNCHANGED) == ROWS
    assert sorted({*Case.objects.values_list("version", flat=True)}) == [2]
    assert verify().ok


def test_a_number_given_in_vain_is_not_taken_for_one_of_this_import(county: Unit) -> None:
    numbers = RowNumbers("hazard")
    given = numbers.give([("", 2026)])

    numbers.forget(0)

    assert not numbers.gave(given[0])
