"""The counters say what the cases say, and are put right where they do not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q

from bihuan.cases.models import Case
from bihuan.figures import queries
from bihuan.figures.actions import recounting as figures
from bihuan.figures.models import Contribution, Count
from bihuan.figures.sources import Counted
from bihuan.journal.actions import Change, record, record_many
from bihuan.orgs.models import Unit
from bihuan.portal.models import FigureKind
from bihuan.portal.queries import counting
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, make_unit
from tests.portal.published import local, make_brought, make_figure

pytestmark = pytest.mark.django_db
KIND = FigureKind
YEARS = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(name="云溪县"), name="双河镇")


def counted(unit: Unit | None, kind: str = "grievance") -> dict[str, object]:
    """The figures of one unit, or those of all units together."""
    units = Q() if unit is None else Q(unit=unit)
    names = {counting.counter(kind, each): each for each in counting.NUMBERS}
    found: dict[str, object] = dict.fromkeys(counting.NUMBERS, 0)
    for (name, _), value in queries.sums(names, *YEARS, of_units=units).items():
        found[names[name]] = value
    days: Counter[int] = Counter()
    for each in queries.steps([counting.counter(kind, "days")], *YEARS, of_units=units).values():
        days += each
    return {**found, "days": dict(days)}


def test_a_case_counts_for_the_unit_that_answers_and_for_the_whole_place(town: Unit) -> None:
    make_brought(town, answered_after=10, solved=True)

    figures.refresh(now=NOW)

    expected = {
        "received": 1, "settled": 1, "in_time": 1, "answered": 1, "rated": 1, "solved": 1,
        "days": {10: 1},
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

    assert not Count.objects.exists()


def test_an_act_on_many_cases_counts_those_that_the_public_brought(town: Unit) -> None:
    of_public = [make_brought(town), make_brought(town, kind="hazard")]
    others = [make_brought(town, kind="hazard", channel=each) for each in ("import", "desk")]
    changes = [Change(case.subject) for case in (*others, *of_public)]

    record_many("merge", changes, by=None, at=NOW)

    kept = Contribution.objects.values_list("subject", flat=True)
    assert set(kept) == {case.subject for case in of_public}


@pytest.mark.parametrize("how", ["confidential", "about"])
def test_no_counter_of_a_unit_tells_of_a_complaint_about_an_office(town: Unit, how: str) -> None:
    about = make_unit(town) if how == "about" else None
    make_brought(town, is_confidential=how == "confidential", about=about, answered_after=3)

    figures.refresh(now=NOW)

    assert set(Count.objects.values_list("unit", flat=True)) == {None}
    assert counted(None, KIND.ABOUT_OFFICE)["answered"] == 1
    assert counted(None)["received"] == 0


def test_what_is_said_of_the_first_answer_is_what_counts(town: Unit) -> None:
    case = make_brought(town, answered_after=2, solved=False)
    case.ratings.create(stage="reviewed", solved=True, unit=town, rated_at=NOW - timedelta(days=2))

    figures.refresh(now=NOW)

    assert (counted(town)["rated"], counted(town)["solved"]) == (1, 0)


def test_a_month_begins_at_midnight_of_the_place(town: Unit) -> None:
    make_brought(town, at=local(2026, 8, 1) - timedelta(hours=12, seconds=1))
    make_brought(town, at=local(2026, 8, 1) - timedelta(hours=12))

    figures.refresh(now=NOW)

    received = Count.objects.filter(unit=town, counter="grievance.received")
    months = received.order_by("period").values_list("period", "value")
    assert list(months) == [(date(2026, 7, 1), 1), (date(2026, 8, 1), 1)]


def test_counting_twice_changes_nothing(town: Unit) -> None:
    make_brought(town, answered_after=10, solved=True)

    assert figures.refresh(now=NOW).corrected == 7
    assert figures.refresh(now=NOW + timedelta(hours=1)) == (0, 0)
    assert Count.objects.count() == 7


def test_only_months_in_which_something_may_change_are_counted_again(
    town: Unit, count_queries: CountQueries
) -> None:
    make_brought(town, at=NOW - timedelta(days=365 * 5))
    figures.refresh(now=NOW)  # counts all of it, because nothing was counted yet

    with count_queries() as queries:
        figures.refresh(now=NOW)

    request = [each["sql"] for each in queries if 'FROM "cases_case"' in each["sql"]]
    assert len(request) == 1 + counting.OPEN_MONTHS + 1


def test_what_happens_more_than_a_year_later_changes_no_figure(town: Unit) -> None:
    at = local(2024, 3, 5)
    make_brought(town, at=at, answered_after=500)

    (found,) = counting.PublicCases().count(date(2024, 3, 1)).values()

    assert found == Counted(town.pk, {"grievance.received": 1, "grievance.settled": 1})


# ---------------------------------------------------------------------- recount
def recount(*arguments: str) -> tuple[int, dict[str, int]]:
    out = StringIO()
    try:
        call_command("recount", "--json", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue().splitlines()[-1])
    return 0, json.loads(out.getvalue().splitlines()[-1])


def test_recount_finds_nothing_where_nothing_is_wrong(town: Unit) -> None:
    now = PRESENT
    make_brought(town, at=now - timedelta(days=50), answered_after=10, solved=True)
    make_brought(town, at=now - timedelta(days=900), answered_after=10)
    assert recount() == (0, {"differences": 0, "repaired": 0})

    # What came since the last count is no mistake of the counters.
    case = make_brought(town, at=now)
    with transaction.atomic():
        record(case.subject, "report", by=None, at=now)

    assert recount() == (0, {"differences": 0, "repaired": 0})
    figures.refresh(now=now + timedelta(hours=1))
    assert Count.objects.filter(unit=town, counter="grievance.received").count() == 3


@pytest.mark.parametrize("how", ["changed", "missing", "too many"])
def test_recount_names_and_repairs_a_counter_that_is_wrong(town: Unit, how: str) -> None:
    now = PRESENT
    make_brought(town, at=now - timedelta(days=50), answered_after=10, solved=True)
    figures.refresh(now=now)
    rows = Count.objects.filter(unit=town, counter="grievance.received")
    if how == "changed":
        rows.update(value=7)
    elif how == "missing":
        rows.delete()
    else:
        make_figure(town, "hazard", date(2025, 1, 1), received=1)

    assert recount("--dry-run") == (1, {"differences": 1, "repaired": 0})
    assert recount() == (1, {"differences": 1, "repaired": 1})
    assert recount() == (0, {"differences": 0, "repaired": 0})
    assert rows.get().value == 1
    assert not Count.objects.filter(counter="hazard.received").exists()


def test_figures_never_hold_more_parts_than_the_whole(town: Unit) -> None:
    for day in range(0, 120, 7):
        at = NOW - timedelta(days=150 - day)
        make_brought(town, at=at, answered_after=day % 9 or None, solved=bool(day % 2))

    figures.refresh(now=NOW)

    found = counted(town)
    parts = ("solved", "rated", "answered", "settled", "received")
    assert [found[name] for name in parts] == sorted(int(str(found[name])) for name in parts)
    assert int(str(found["in_time"])) <= int(str(found["answered"]))
    assert Case.objects.count() == found["received"]
