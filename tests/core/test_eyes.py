"""Nobody checks what a unit did while they had a post in it, or below it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.eyes import HeldPaths, HeldPost, Span, require_apart

COUNTY, TOWN, VILLAGE, GRID, OTHER = "01/", "01/02/", "01/02/03/", "01/02/03/04/", "01/05/"
DAY = timedelta(days=1)
START, END = date(2026, 9, 1), date(2026, 9, 20)
days = st.dates(min_value=START - 9 * DAY, max_value=END + 9 * DAY)


def is_apart(
    paths: tuple[str, ...],
    did: str,
    *,
    since: date = START,
    until: date | None = None,
    span: Span | None = None,
) -> bool:
    try:
        require_apart(
            [HeldPaths(paths, since, until, "村 岗位")], {did}, {COUNTY}, span or Span(START, END)
        )
    except HeldPost:
        return False
    return True


@pytest.mark.parametrize(
    ("path", "did"), [*product([COUNTY, TOWN, VILLAGE, GRID, OTHER], repeat=2)]
)
def test_the_unit_and_all_below_it_are_meant_and_of_a_government_the_office(
    path: str, did: str
) -> None:
    expected = path == did or (did != COUNTY and path.startswith(did))

    assert is_apart((path,), did) is not expected


def test_the_post_of_a_closed_unit_counts_for_the_one_that_followed() -> None:
    assert not is_apart((OTHER, GRID), VILLAGE)


@given(since=days, length=st.none() | st.integers(0, 12), checked=st.none() | days)
def test_it_counts_on_each_day_from_the_assignment_to_the_check(
    since: date, length: int | None, checked: date | None
) -> None:
    until = None if length is None else since + length * DAY
    last = END + 60 * DAY
    held = {since + n * DAY for n in range(((until or last) - since).days + 1)}
    under_way = {START + n * DAY for n in range(((checked or last) - START).days + 1)}

    apart = is_apart((VILLAGE,), VILLAGE, since=since, until=until, span=Span(START, checked))

    assert apart is not bool(held & under_way)


def test_it_says_which_post_and_the_first_day_that_stands_in_the_way() -> None:
    held = HeldPaths((GRID,), START - 30 * DAY, START + DAY, "三组 网格员")

    with pytest.raises(HeldPost) as refused:
        require_apart([held], {VILLAGE}, set(), Span(START))

    assert (refused.value.name, refused.value.day) == ("三组 网格员", START)
