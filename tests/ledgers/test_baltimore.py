"""Baltimore's requests, counted apart from the import, which has to come to the same figures."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoDbBlocker

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.core.history import RowFault
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.ledgers import mapping
from bihuan.ledgers.actions.results import Result
from bihuan.orgs.models import Unit
from tests.factories import make_unit
from tests.ledgers.books import counts, take
from tests.ledgers.conftest import kept_for_a_file
from tests.ledgers.kinds import DATA, ROWS
from tests.ledgers.test_real_ledgers import (
    HERE,
    ended_late,
    has_place_on_map,
    reasons,
    requests,
)

pytestmark = pytest.mark.django_db
BALTIMORE = DATA / "real/baltimore_311.csv"
BALTIMORE_MAP = mapping.read_toml(DATA / "maps/baltimore_311.toml", "hazard")


@pytest.fixture(scope="module")
def result(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Result]:
    """What came of the import."""
    with kept_for_a_file(django_db_blocker):
        unit = make_unit(name="开放数据示例", code="open")
        yield take(BALTIMORE, unit, BALTIMORE_MAP)


def test_it_comes_in_as_counted_by_hand(result: Result) -> None:
    rows = requests(BALTIMORE)
    taken = [row for row in rows if row["Address"]]
    stages = Counter(row["SRStatus"].partition(" (")[0] for row in taken)
    aside = sum(row["SRStatus"] in ("Closed (Duplicate)", "Closed (Transferred)") for row in taken)

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


@pytest.mark.usefixtures("result")
def test_what_was_closed_late_is_a_missed_clock() -> None:
    rows = requests(BALTIMORE)
    taken = [row for row in rows if row["Address"]]

    assert ended_late(rows, "DueDate", "CloseDate") == 1_225
    missed = Clock.objects.filter(outcome="missed")
    assert missed.count() == ended_late(taken, "DueDate", "CloseDate")
    ended_with_term = sum(bool(row["DueDate"] and row["CloseDate"]) for row in taken)
    assert Clock.objects.filter(outcome="met").count() == ended_with_term - missed.count()


@pytest.mark.usefixtures("result")
def test_its_moments_are_its_own_and_told_in_the_zone_here() -> None:
    case = Case.objects.get(source_ref="18-00269879")
    there = ZoneInfo("America/New_York")
    assert case.reported_at == datetime(2018, 4, 12, 11, 11, 26, tzinfo=there)
    assert case.due_at == datetime(2018, 4, 13, 11, 11, 26, tzinfo=there)
    assert case.ended_at == datetime(2018, 4, 12, 12, 45, 47, tzinfo=there)
    assert (case.category, case.title) == ("Transportation", "TRT-Traffic Signal Repairs")
    assert (case.latitude, case.longitude, case.imported) == (None, None, True)


@pytest.mark.usefixtures("result")
def test_twice_it_is_all_unchanged_as_csv_and_as_workbook() -> None:
    rows = requests(BALTIMORE)
    placed = [bool(row["Address"]) for row in rows]
    unit = Unit.objects.get()
    entries = Entry.objects.count()

    again = take(BALTIMORE, unit, BALTIMORE_MAP)
    workbook = take(HERE / "baltimore_311_first2000.xlsx", unit, BALTIMORE_MAP)

    assert counts(again) == (0, 0, sum(placed), len(rows) - sum(placed))
    first = sum(placed[:2_000])
    assert counts(workbook) == (0, 0, first, 2_000 - first)
    # The journal of the unit notes that there was an import, and what came of it.
    assert Entry.objects.count() == entries + 2


def test_the_counting_here_uses_nothing_of_the_import() -> None:
    """The figures that the source itself gives, asked of SQLite."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE r (address, latitude, longitude)")
    base.executemany(
        "INSERT INTO r VALUES (?, ?, ?)",
        [(row["Address"], row["Latitude"], row["Longitude"]) for row in requests(BALTIMORE)],
    )
    request = "SELECT sum(address = ''), sum(latitude = ''), sum(latitude = '39') FROM r"
    assert base.execute(request).fetchone() == (242, 466, 695)
    base.close()
