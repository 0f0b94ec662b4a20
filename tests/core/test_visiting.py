"""How often sites are visited, when the next visit is due, and when a post has too many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bihuan.core import visiting
from bihuan.core.visiting import Frequencies, Load, Norm, Risk, State

ON = date(2026, 9, 15)
FREQUENCIES = Frequencies({Risk.RED: 7, Risk.BLUE: 90}, {"school": 30}, 60)


@pytest.mark.parametrize(
    ("kind", "risk", "days"),
    [
        ("school", None, 30),
        ("hotel", None, 60),
        ("school", Risk.RED, 7),
        ("school", Risk.BLUE, 30),
        ("hotel", Risk.BLUE, 60),
    ],
)
def test_the_shorter_of_kind_and_risk_counts(kind: str, risk: Risk | None, days: int) -> None:
    assert FREQUENCIES.days(kind, risk) == days


@pytest.mark.parametrize(
    ("away", "state"),
    [
        (-1, State.OVERDUE),
        (0, State.DUE),
        (visiting.AHEAD.days, State.DUE),
        (visiting.AHEAD.days + 1, State.LATER),
    ],
)
def test_a_visit_is_overdue_only_after_its_last_day(away: int, state: State) -> None:
    assert visiting.state(ON + timedelta(days=away), ON) is state


def test_the_next_visit_is_counted_from_the_last() -> None:
    assert visiting.next_date(date(2026, 2, 27), 7) == date(2026, 3, 6)


def test_a_load_counts_a_part_of_a_visit_as_a_visit() -> None:
    assert visiting.load([]) == Load(0, 0)
    assert visiting.load([(30, 4), (90, 1), (7, 1)]) == Load(6, 9)


@pytest.mark.parametrize(
    ("load", "is_over"),
    [(Load(60, 90), False), (Load(61, 1), True), (Load(1, 91), True)],
)
def test_a_load_is_over_when_one_of_its_numbers_is(load: Load, is_over: bool) -> None:
    assert load.is_over(Norm(sites=60, visits=90)) is is_over


@pytest.mark.parametrize("days", [0, -7, 367])
def test_a_frequency_is_between_a_day_and_a_year(days: int) -> None:
    with pytest.raises(visiting.TooOftenOrSeldom):
        visiting.require_frequency(days)

    visiting.require_frequency(1)
    visiting.require_frequency(366)


@pytest.mark.parametrize("visited", [ON + timedelta(days=1), ON - timedelta(days=6)])
def test_no_visit_is_still_to_come_or_before_the_binding(visited: date) -> None:
    bound = ON - timedelta(days=5)

    with pytest.raises(visiting.NotADayOfVisit):
        visiting.require_day(visited, bound=bound, on=ON)

    visiting.require_day(ON, bound=bound, on=ON)
    visiting.require_day(bound, bound=bound, on=ON)


def test_a_visit_is_recorded_within_a_week() -> None:
    bound = ON - timedelta(days=30)

    visiting.require_day(ON - timedelta(days=7), bound=bound, on=ON)

    with pytest.raises(visiting.TooLongAgo):
        visiting.require_day(ON - timedelta(days=8), bound=bound, on=ON)
