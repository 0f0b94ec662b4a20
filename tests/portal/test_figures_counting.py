"""The counters say what the cases say, and are put right where they do not."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case
from bihuan.orgs.models import Unit
from bihuan.portal.actions import figures
from bihuan.portal.models import Figure
from bihuan.portal.queries import counting
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, make_unit
from tests.portal.published import local, make_brought

pytestmark = pytest.mark.django_db
KIND = Figure.Kind


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(name="云溪县"), name="双河镇")


def counted(unit: Unit | None, kind: str = "grievance") -> dict[str, object]:
    row = Figure.objects.get(unit=unit, kind=kind)
    return {name: getattr(row, name) for name in figures.NUMBERS}


def test_a_case_counts_for_the_unit_that_answers_and_for_the_whole_place(town: Unit) -> None:
    make_brought(town, answered_after=10, solved=True)

    figures.refresh(now=NOW)

    expected = {
        "received": 1, "settled": 1, "in_time": 1, "answered": 1, "rated": 1, "solved": 1,
        "days": {"10": 1},
    }  # fmt: skip
    assert counted(town) == counted(None) == expected


def test_what_is_overdue_counts_against_the_time_though_nobody_answered(town: Unit) -> None:
    make_brought(town, due_after=30)
    make_brought(town, answered_after=40, due_after=30)
    make_brought(town, due_after=90)

    figures.refresh(now=NOW)

    found = counted(town)
    assert (found["received"], found["settled"], found["in_time"], found["answered"]) == (
        3,
        2,
        0,
        1,
    )


def test_a_withdrawn_case_is_received_and_nothing_else(town: Unit) -> None:
    make_brought(town, answered_after=2, stage="withdrawn")

    figures.refresh(now=NOW)

    assert (counted(town)["received"], counted(town)["settled"]) == (1, 0)


def test_what_officers_found_or_imported_is_not_counted(town: Unit) -> None:
    make_brought(town, kind="hazard", channel="desk", answered_after=2)
    make_brought(town, kind="hazard", channel="import", answered_after=2)

    figures.refresh(now=NOW)

    assert not Figure.objects.exists()


@pytest.mark.parametrize("how", ["confidential", "about"])
def test_no_counter_of_a_unit_tells_of_a_complaint_about_an_office(town: Unit, how: str) -> None:
    about = make_unit(town) if how == "about" else None
    make_brought(town, is_confidential=how == "confidential", about=about, answered_after=3)

    figures.refresh(now=NOW)

    row = Figure.objects.get()
    assert (row.unit, row.kind, row.answered) == (None, KIND.ABOUT_OFFICE, 1)


def test_what_is_said_of_the_first_answer_is_what_counts(town: Unit) -> None:
    case = make_brought(town, answered_after=2, solved=False)
    case.ratings.create(stage="reviewed", solved=True, unit=town, rated_at=NOW - timedelta(days=2))

    figures.refresh(now=NOW)

    assert (counted(town)["rated"], counted(town)["solved"]) == (1, 0)


def test_a_month_begins_at_midnight_of_the_place(town: Unit) -> None:
    make_brought(town, at=local(2026, 8, 1) - timedelta(hours=12, seconds=1))
    make_brought(town, at=local(2026, 8, 1) - timedelta(hours=12))

    figures.refresh(now=NOW)

    months = Figure.objects.filter(unit=town).order_by("month").values_list("month", "received")
    assert list(months) == [(date(2026, 7, 1), 1), (date(2026, 8, 1), 1)]


def test_counting_twice_changes_nothing(town: Unit) -> None:
    make_brought(town, answered_after=10, solved=True)

    assert figures.refresh(now=NOW) == 2
    assert figures.refresh(now=NOW + timedelta(hours=1)) == 0
    assert Figure.objects.count() == 2


def test_only_months_in_which_something_may_change_are_counted_again(
    town: Unit, count_queries: CountQueries
) -> None:
    make_brought(town, at=NOW - timedelta(days=365 * 5))

    with count_queries() as queries:
        figures.refresh(now=NOW)

    asked = [each["sql"] for each in queries if 'FROM "cases_case"' in each["sql"]]
    assert len(asked) == 1 + counting.OPEN_MONTHS + 1


def test_what_happens_more_than_a_year_later_changes_no_figure(town: Unit) -> None:
    at = local(2024, 3, 5)
    make_brought(town, at=at, answered_after=500)

    found = counting.count(date(2024, 3, 1), NOW)

    assert found["grievance", town.pk].answered == 0
    assert found["grievance", town.pk].settled == 1


# ---------------------------------------------------------------------- recount
def recount() -> tuple[int, dict[str, int]]:
    out = StringIO()
    try:
        call_command("recount", "--json", stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue().splitlines()[-1])
    return 0, json.loads(out.getvalue().splitlines()[-1])


def test_recount_finds_nothing_where_nothing_is_wrong(town: Unit) -> None:
    now = PRESENT
    make_brought(town, at=now - timedelta(days=50), answered_after=10, solved=True)
    make_brought(town, at=now - timedelta(days=900), answered_after=10)
    assert recount() == (0, {"differences": 0, "repaired": 0})

    # What came since the last count is no mistake of the counters.
    make_brought(town, at=now)

    assert recount() == (0, {"differences": 0, "repaired": 0})
    figures.refresh(now=now + timedelta(hours=1))
    assert Figure.objects.filter(unit=town).count() == 3


@pytest.mark.parametrize("how", ["changed", "missing", "too many"])
def test_recount_names_and_repairs_a_counter_that_is_wrong(town: Unit, how: str) -> None:
    now = PRESENT
    make_brought(town, at=now - timedelta(days=50), answered_after=10, solved=True)
    figures.refresh(now=now)
    rows = Figure.objects.filter(unit=town)
    if how == "changed":
        rows.update(received=7)
    elif how == "missing":
        rows.delete()
    else:
        Figure.objects.create(unit=town, kind="hazard", month="2025-01-01", counted_at=now)

    assert recount() == (1, {"differences": 1, "repaired": 1})
    assert recount() == (0, {"differences": 0, "repaired": 0})
    assert rows.get().received == 1


def test_figures_never_hold_more_parts_than_the_whole(town: Unit) -> None:
    for day in range(0, 120, 7):
        at = NOW - timedelta(days=150 - day)
        make_brought(town, at=at, answered_after=day % 9 or None, solved=bool(day % 2))

    figures.refresh(now=NOW)

    assert Figure.objects.filter(unit=town).count() > 2
    assert Case.objects.count() == sum(
        Figure.objects.filter(unit=None).values_list("received", flat=True)
    )
