"""Two cities' requests, counted apart from the import, which has to come to the same figures."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.cases.models import Case, Clock
from bihuan.core.history import RowFault
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.ledgers import mapping
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.said import all_here
from bihuan.ledgers.wording import ROWS
from bihuan.orgs.models import Unit
from tests.factories import NOW, make_unit
from tests.ledgers.books import cells, counts, separated, take

pytestmark = pytest.mark.django_db
DATA = Path(mapping.__file__).parent / "data"
HERE = Path(__file__).parents[1] / "data/service_requests_311"
BALTIMORE = DATA / "real/baltimore_311.csv"
NEW_YORK = HERE / "nyc_311_mixed_1000.csv"
BALTIMORE_MAP = mapping.read_toml(DATA / "maps/baltimore_311.toml")
NEW_YORK_MAP = mapping.read_toml(DATA / "maps/nyc_311.toml")

Request = dict[str, str]


@pytest.fixture
def unit() -> Unit:
    return make_unit(name="开放数据示例", code="open")


def requests(path: Path) -> list[Request]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(said: str) -> datetime | None:
    return datetime.strptime(said, "%m/%d/%Y %I:%M:%S %p") if said else None


def has_place_on_map(request: Request) -> bool:
    said = request["Latitude"], request["Longitude"]
    return all(said) and not all(float(each).is_integer() for each in said)


def reasons(result: Result) -> Counter[str]:
    """Why rows were refused, without the address of the cell."""
    return Counter(reason.partition("：")[2] for _, _, reason in all_here(result.errors))


def ended_late(requests: list[Request], due: str, ended: str) -> int:
    both = [(moment(each[due]), moment(each[ended])) for each in requests]
    return sum(at > by for by, at in both if at and by)


# ------------------------------------------------------------------- Baltimore
def test_baltimore_comes_in_as_counted_by_hand(unit: Unit) -> None:
    rows = requests(BALTIMORE)
    taken = [row for row in rows if row["Address"]]
    stages = Counter(row["SRStatus"].partition(" (")[0] for row in taken)
    aside = sum(row["SRStatus"] in ("Closed (Duplicate)", "Closed (Transferred)") for row in taken)

    result = take(BALTIMORE, unit, BALTIMORE_MAP)

    assert len(rows) == result.rows == 7_988
    assert counts(result) == (len(taken), 0, 0, len(rows) - len(taken))
    assert reasons(result) == {str(ROWS[RowFault.NO_PLACE]): len(result.errors)}
    assert result.without_place_on_map == sum(not has_place_on_map(row) for row in rows)
    assert result.without_place_on_map == 466 + 695
    on_map = Case.objects.exclude(latitude=None)
    assert on_map.count() == on_map.exclude(cell=None).count()
    assert on_map.count() == sum(map(has_place_on_map, taken))
    assert Case.objects.filter(stage="rejected").count() == aside
    assert Case.objects.filter(stage="closed").count() == stages["Closed"] - aside
    assert Case.objects.open().count() == len(taken) - stages["Closed"]
    assert verify().ok


def test_what_baltimore_closed_late_is_a_missed_clock(unit: Unit) -> None:
    rows = requests(BALTIMORE)
    taken = [row for row in rows if row["Address"]]

    take(BALTIMORE, unit, BALTIMORE_MAP)

    assert ended_late(rows, "DueDate", "CloseDate") == 1_225
    missed = Clock.objects.filter(outcome="missed")
    assert missed.count() == ended_late(taken, "DueDate", "CloseDate")
    ended_with_term = sum(bool(row["DueDate"] and row["CloseDate"]) for row in taken)
    assert Clock.objects.filter(outcome="met").count() == ended_with_term - missed.count()


def test_baltimores_moments_are_its_own_and_told_in_the_zone_here(unit: Unit) -> None:
    take(BALTIMORE, unit, BALTIMORE_MAP)

    case = Case.objects.get(source_ref="18-00269879")
    there = ZoneInfo("America/New_York")
    assert case.reported_at == datetime(2018, 4, 12, 11, 11, 26, tzinfo=there)
    assert case.due_at == datetime(2018, 4, 13, 11, 11, 26, tzinfo=there)
    assert case.ended_at == datetime(2018, 4, 12, 12, 45, 47, tzinfo=there)
    assert (case.category, case.title) == ("Transportation", "TRT-Traffic Signal Repairs")
    assert (case.latitude, case.longitude, case.imported) == (None, None, True)


def test_baltimore_twice_is_all_unchanged_as_csv_and_as_workbook(unit: Unit) -> None:
    rows = requests(BALTIMORE)
    placed = [bool(row["Address"]) for row in rows]
    take(BALTIMORE, unit, BALTIMORE_MAP)
    entries = Entry.objects.count()

    again = take(BALTIMORE, unit, BALTIMORE_MAP)
    workbook = take(HERE / "baltimore_311_first2000.xlsx", unit, BALTIMORE_MAP)

    assert counts(again) == (0, 0, sum(placed), len(rows) - sum(placed))
    first = sum(placed[:2_000])
    assert counts(workbook) == (0, 0, first, 2_000 - first)
    # The journal of the unit notes that there was an import, and what came of it.
    assert Entry.objects.count() == entries + 2


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
    told = Counter(row[-1].rpartition("：")[2] for row in cells(out)[1:])
    assert told == {str(reason): count for reason, count in refused.items()}
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


def test_the_counting_here_uses_nothing_of_the_import() -> None:
    """The figures that the source itself gives, asked of SQLite."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE r (address, latitude, longitude)")
    base.executemany(
        "INSERT INTO r VALUES (?, ?, ?)",
        [(row["Address"], row["Latitude"], row["Longitude"]) for row in requests(BALTIMORE)],
    )
    asked = "SELECT sum(address = ''), sum(latitude = ''), sum(latitude = '39') FROM r"
    assert base.execute(asked).fetchone() == (242, 466, 695)
    base.close()
