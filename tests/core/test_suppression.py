"""Small numbers stay unknown to a reader who has the table, its totals and the rules by heart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.suppression import LEAST, Cell, Suppressed, count, part, suppress

COUNTS = st.lists(st.integers(0, 14), min_size=1, max_size=5)
PARTS = st.lists(
    st.integers(0, 9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    min_size=1,
    max_size=4,
)


def readings(cells: Sequence[Cell], found: Suppressed[int]) -> Iterator[tuple[int, ...]]:
    """Every table that a reader could take what is published for."""
    total = sum(cell.value for cell in cells)
    ranges = [
        range(cell.least, (cell.most if found.total else min(cell.most, total)) + 1)
        if place in found.withheld
        else range(cell.value, cell.value + 1)
        for place, cell in enumerate(cells)
    ]
    for table in product(*ranges):
        if found.total or sum(table) == total:
            yield table


def assert_hidden(cells: Sequence[Cell]) -> None:
    found = suppress(dict(enumerate(cells)))
    tables = list(readings(cells, found))
    for place, cell in enumerate(cells):
        if cell.is_small:
            assert place in found.withheld
            possible = {table[place] for table in tables}
            assert len(possible) >= min(LEAST - 1, cell.most - cell.least + 1)


@given(COUNTS)
def test_no_count_under_five_can_be_worked_out(values: list[int]) -> None:
    if sum(values) >= LEAST:  # a smaller total is itself not published
        assert_hidden([count(value) for value in values])


@given(PARTS)
def test_no_part_or_rest_under_five_can_be_worked_out(parts: list[tuple[int, int]]) -> None:
    assert_hidden([part(value, whole) for value, whole in parts])


@given(st.lists(st.integers(LEAST, 10**6), max_size=30))
def test_where_nothing_is_small_nothing_is_withheld(values: list[int]) -> None:
    found = suppress(dict(enumerate(map(count, values))))

    assert found == Suppressed(frozenset(), total=False)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_nought_is_shown(values: list[int]) -> None:
    found = suppress(dict(enumerate(map(count, values))))

    assert not [place for place in found.withheld if values[place] == 0]


@pytest.mark.parametrize(
    ("values", "withheld", "total"),
    [
        ([3, 20, 40], {0, 1}, False),  # 63 - 40 - 20 would be the 3
        ([3, 5, 40], {0, 2}, False),  # 3 + 5 = 8 would leave no more than 3 for the small one
        ([4, 4, 40], {0, 1, 2}, False),  # 8 can only be 4 and 4
        ([1, 2, 3, 4, 40], {0, 1, 2, 3}, False),  # 10 can be shared out in many ways
        ([3, 0], {0}, True),  # nothing to hide it behind
        ([], set(), False),
    ],
)
def test_what_would_give_a_small_number_away_goes_too(
    values: list[int], withheld: set[int], total: bool
) -> None:
    found = suppress(dict(enumerate(map(count, values))))

    assert (set(found.withheld), found.total) == (withheld, total)
