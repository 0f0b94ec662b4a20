"""The figures from before counters had an app of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bihuan.cases.models import Disposed
from bihuan.figures.actions import recounting
from bihuan.figures.models import Contribution, Count
from tests.factories import NOW, make_unit
from tests.going_back import Migrate, go_on, going_back
from tests.portal.published import local, make_brought

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    with going_back([("portal", "0006_plain_labels")]) as back:
        yield back


def figure(models: Any, unit: int | None, month: date, kind: str = "grievance") -> None:
    """Three were received and answered, two of them after five days."""
    models.get_model("portal", "Figure").objects.create(
        unit_id=unit, kind=kind, month=month, received=3, settled=3, in_time=3, answered=3,
        rated=1, solved=1, days={"5": 2, "0": 1}, counted_at=NOW,
    )  # fmt: skip


def counted(month: date) -> dict[tuple[str, int | None, int], int]:
    rows = Count.objects.published().filter(period=month)
    return {(row.counter, row.unit_id, row.step): row.value for row in rows}


def test_figures_become_counters_and_figures_again(go_back: Migrate) -> None:
    unit = make_unit()
    old = go_back()
    for month in (JULY, AUGUST):
        figure(old, unit.pk, month)
        figure(old, None, month)
    figure(old, None, AUGUST, "about_office")

    go_on()

    assert counted(JULY)["grievance.received", unit.pk, 0] == 3
    assert counted(JULY)["grievance.days", unit.pk, 5] == 2
    assert counted(AUGUST)["place.about_office.answered", None, 0] == 3
    assert {(unit is None, name[:6]) for name, unit, _ in counted(AUGUST)} == {
        (False, "grieva"), (True, "place."),
    }  # fmt: skip
    figures = go_back().get_model("portal", "Figure").objects
    assert set(figures.values_list("unit", "kind", "month", "received", "solved")) == {
        (unit.pk, "grievance", JULY, 3, 1),
        (None, "grievance", JULY, 3, 1),
        (unit.pk, "grievance", AUGUST, 3, 1),
        (None, "grievance", AUGUST, 3, 1),
        (None, "about_office", AUGUST, 3, 1),
    }
    assert figures.get(unit=unit.pk, month=JULY).days == {"5": 2, "0": 1}


def test_months_of_which_cases_were_disposed_of_stay_as_they_are(go_back: Migrate) -> None:
    unit = make_unit()
    make_brought(unit, at=local(2026, 7, 9), answered_after=5)
    make_brought(unit, at=local(2026, 8, 9), answered_after=5)
    Disposed.objects.create(
        number="YH-2026-000001", kind="grievance", unit=unit, reported_at=local(2026, 7, 8),
        ended_at=local(2026, 7, 9), retention="x", retention_list="x", is_restricted=False,
        under="disposal/1", disposed_at=NOW,
    )  # fmt: skip
    old = go_back()
    for month in (JULY, AUGUST):
        figure(old, unit.pk, month)
    go_on()

    recounting.refresh(now=NOW + timedelta(days=60))

    assert counted(JULY)["grievance.received", unit.pk, 0] == 3
    # Nobody had counted the case of August, and the two others are not there.
    assert counted(AUGUST)["grievance.received", unit.pk, 0] == 1
    assert Contribution.objects.filter(is_final=True, period=AUGUST).count() == 0
    assert list(recounting.recount(now=NOW + timedelta(days=60))) == []
