"""A city's requests, counted apart from the import, which has to come to the same figures.

`test_baltimore.py` does so with another city's.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from bihuan.cases.models import Case
from bihuan.core.history import RowFault
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.ledgers import mapping
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.said import all_here
from bihuan.orgs.models import Unit
from tests.factories import NOW, make_unit
from tests.ledgers.books import cells, counts, separated, take
from tests.ledgers.kinds import DATA, ROWS

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parents[1] / "data/service_requests_311"
NEW_YORK = HERE / "nyc_311_mixed_1000.csv"
NEW_YORK_MAP = mapping.read_toml(DATA / "maps/nyc_311.toml", "hazard")

Request = dict[str, str]


@pytest.fixture
def unit() -> Unit:
    return make_unit(name="开放数据示例", code="open")


def requests(path: Path) -> list[Request]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p") if text else None


def has_place_on_map(request: Request) -> bool:
    answer = request["Latitude"], request["Longitude"]
    return all(answer) and not all(float(each).is_integer() for each in answer)


def reasons(result: Result) -> Counter[str]:
    """Why rows were refused, without the address of the cell."""
    return Counter(reason.partition("：")[2] for _, _, reason in all_here(result.errors))


def ended_late(requests: list[Request], due: str, ended: str) -> int:
    both = [(moment(each[due]), moment(each[ended])) for each in requests]
    return sum(at > by for by, at in both if at and by)


# -------------------------------------------------------------------- New York
def is_backwards(row: Request) -> bool:
    opened, closed = moment(row["Created Date"]), moment(row["Closed Date"])
    return bool(opened and closed and closed < opened)


def is_open_with_an_end(row: Request) -> bool:
    return row["Status"] != "Closed" and bool(row["Closed Date"]) and not is_backwards(row)


def test_new_york_comes_in_as_counted_by_hand(unit: Unit, tmp_path: Path) -> None:
    rows = requests(NEW_YORK)
    placed = [row for row in rows if row["Incident Address"]]
    refused = {
        ROWS[RowFault.NO_PLACE]: len(rows) - len(placed),
        ROWS[RowFault.CLOSED_BEFORE_FOUND]: sum(map(is_backwards, placed)),
        ROWS[RowFault.OPEN_WITH_END]: sum(map(is_open_with_an_end, placed)),
    }

    out = tmp_path / "refused.xlsx"
    result = take(NEW_YORK, unit, NEW_YORK_MAP, errors_to=out)

    assert sum(map(is_backwards, rows)) == 10
    assert result.rows == 1_000
    assert counts(result) == (1_000 - sum(refused.values()), 0, 0, sum(refused.values()))
    assert result.without_place_on_map == sum(not row["Latitude"] for row in rows) == 107
    outcome_data = Counter(row[-1].rpartition("：")[2] for row in cells(out)[1:])
    assert outcome_data == {str(reason): count for reason, count in refused.items()}
    still_open = [row for row in placed if row["Status"] != "Closed" and not row["Closed Date"]]
    assert Case.objects.open().count() == len(still_open)
    assert Case.objects.overdue(NOW).count() == sum(bool(row["Due Date"]) for row in still_open)
    assert verify().ok


def test_a_changed_file_changes_only_the_changed_rows(unit: Unit, tmp_path: Path) -> None:
    rows = requests(NEW_YORK)
    take(NEW_YORK, unit, NEW_YORK_MAP)
    # What has ended is never changed by a ledger.
    found = [row for row in rows if row["Incident Address"] and not row["Closed Date"]]
    assert len(found) >= 7
    for row in found[:7]:
        row["Agency"] += " (again)"
    changed = {row["Unique Key"] for row in found[:7]}
    before = dict(Case.objects.values_list("source_ref", "source_digest"))

    path = separated(tmp_path / "new.csv", [list(rows[0]), *(list(row.values()) for row in rows)])
    result = take(path, unit, NEW_YORK_MAP)

    after = dict(Case.objects.values_list("source_ref", "source_digest"))
    assert {ref for ref in after if after[ref] != before[ref]} == changed
    assert counts(result)[:3] == (0, len(changed), len(before) - len(changed))
    updated = Entry.objects.filter(act="update").values_list("chain__subject", flat=True)
    assert len(updated) == len(changed)
    assert verify().ok


def test_new_york_without_a_mapping_says_what_it_does_not_understand(unit: Unit) -> None:
    result = take(NEW_YORK, unit)

    assert result.rows == 1_000
    assert counts(result)[3] >= 1
    assert all(reason for _, _, reason in all_here(result.errors))
