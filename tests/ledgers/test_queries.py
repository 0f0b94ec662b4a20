"""What an import asks the database: so much for each row, however large the archive is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import NO_ANSWERS, Answer, Answers, Doubt
from tests.conftest import CountQueries
from tests.factories import make_unit
from tests.ledgers.books import counts, hazard, table, take, xlsx

pytestmark = pytest.mark.django_db
ARCHIVE = 60
ROWS = 40


def places(first: int, count: int, at: str = "", **values: Any) -> list[dict[str, Any]]:
    """So many hazards, each at a place of its own and `at` one site."""
    rows = [hazard(number) for number in range(first, first + count)]
    return [{**row, "场所": f"{at}{row['场所']}", **values} for row in rows]


def asked(
    count_queries: CountQueries, path: Path, unit: Unit, rows: Sequence[dict[str, Any]], **how: Any
) -> tuple[int, tuple[int, ...]]:
    """How many queries the file takes, and what becomes of its rows."""
    file = xlsx(path, table(rows))
    with count_queries() as queries:
        result = take(file, unit, **how)
    return len(queries), counts(result)


# New rows; corrected ones, which are asked about; rows of which each changes a case.
FILES: dict[str, tuple[Callable[[str], list[dict[str, Any]]], tuple[int, ...] | None]] = {
    "new": (lambda at: places(5000, ROWS, at), (ROWS, 0, 0, 0)),
    "known": (lambda at: places(0, ROWS, at), (0, 0, ROWS, 0)),
    "asked": (lambda at: places(0, ROWS, 场所=f"{at}综合楼一层走廊"), None),
    "changed": (lambda at: places(0, ROWS, at, 整改资金=900), (0, ROWS, 0, 0)),
}
SITES = {"small": "石桥粮站储备库", "large": "东关客运中心"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("dry_run", [True, False], ids=["tried", "taken in"])
def test_an_import_into_ten_times_the_archive_asks_no_more(
    count_queries: CountQueries, tmp_path: Path, name: str, dry_run: bool
) -> None:
    rows, ends = FILES[name]
    found = []
    for code, size in (("small", ARCHIVE), ("large", 10 * ARCHIVE)):
        unit = make_unit(name=f"{code}县", code=code)
        take(xlsx(tmp_path / "archive.xlsx", table(places(0, size, SITES[code]))), unit)
        path = tmp_path / f"{code}.xlsx"
        found.append(asked(count_queries, path, unit, rows(SITES[code]), dry_run=dry_run))

    (few, small), (many, large) = found
    assert small == large
    assert small == (ends or (0, 0, 0, ROWS))
    # One more where cases of the other unit have the place and the day of a row.
    assert many <= few + 1


@pytest.mark.parametrize("name", ["new", "known"])
def test_ten_times_the_rows_take_no_query_each(
    count_queries: CountQueries, tmp_path: Path, name: str
) -> None:
    """Rows go in by batches: what a batch asks does not count its rows."""
    found = []
    for code, size in (("small", ROWS), ("large", 10 * ROWS)):
        unit = make_unit(name=f"{code}县", code=code)
        rows = places(0, size, SITES[code])
        if name == "known":
            take(xlsx(tmp_path / "archive.xlsx", table(rows)), unit)
        found.append(asked(count_queries, tmp_path / f"{code}.xlsx", unit, rows)[0])

    few, many = found
    assert many <= few + 10


def test_what_another_ledger_has_too_is_found_and_linked_by_batches(
    count_queries: CountQueries, tmp_path: Path
) -> None:
    """The whole of a second ledger of the same matters asks no more for ten times the rows."""
    found = []
    for code, size in (("small", ROWS), ("large", 10 * ROWS)):
        unit = make_unit(name=f"{code}县", code=code)
        town = make_unit(unit, name=f"{code}镇", code=f"{code}-1")
        rows = places(0, size, SITES[code])
        take(xlsx(tmp_path / "archive.xlsx", table(rows)), unit)
        for answers, ends in (
            (NO_ANSWERS, (0, 0, 0, size)),
            (Answers(by_doubt={Doubt.ELSEWHERE: Answer.SAME}), (0, 0, size, 0)),
            (NO_ANSWERS, (0, 0, size, 0)),
        ):
            path = tmp_path / f"{code}.xlsx"
            queries, counted = asked(count_queries, path, town, rows, answers=answers)
            assert counted == ends
            found.append(queries)

    assert all(many <= few + 10 for few, many in zip(found[:3], found[3:], strict=True))
