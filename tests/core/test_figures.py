"""Figures by unit: shares with their samples, and nothing from which a small number follows."""

from __future__ import annotations

import statistics
from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.figures import Line, Mark, Sums, alone, exact, median, percent, publish
from bihuan.core.suppression import LEAST


@st.composite
def sums(draw: st.DrawFn) -> Sums:
    settled = draw(st.integers(0, 30))
    answered = draw(st.integers(0, settled))
    rated = draw(st.integers(0, answered))
    return Sums(
        settled, draw(st.integers(0, answered)), answered, rated, draw(st.integers(0, rated))
    )


ROWS = st.lists(sums(), max_size=6).map(lambda rows: dict(enumerate(rows)))


@given(ROWS)
def test_no_number_under_five_is_published(rows: dict[int, Sums]) -> None:
    table = publish(rows)

    for line in (*table.lines.values(), table.total):
        for shown in (line.settled, line.answered, line.rated):
            assert isinstance(shown, Mark) or shown == 0 or shown >= LEAST


@given(ROWS)
def test_a_share_stands_only_beside_the_sample_behind_it(rows: dict[int, Sums]) -> None:
    table = publish(rows)

    for line in (*table.lines.values(), table.total):
        assert line.in_time is None or isinstance(line.settled, int)
        assert line.solved is None or isinstance(line.rated, int)
        assert line.response is None or {type(line.answered), type(line.rated)} == {int}


@given(ROWS)
def test_a_share_of_ratings_never_tells_what_fewer_than_five_said(rows: dict[int, Sums]) -> None:
    for key, line in publish(rows).lines.items():
        answer = rows[key]
        if line.solved is not None:
            assert answer.solved not in range(1, LEAST)
            assert answer.rated - answer.solved not in range(1, LEAST)


@given(ROWS)
def test_what_is_published_is_true(rows: dict[int, Sums]) -> None:
    table = publish(rows)

    for key, line in table.lines.items():
        assert _agrees(line, exact(rows[key]))
    assert _agrees(table.total, exact(sum(rows.values(), Sums())))


def _agrees(line: Line, full: Line) -> bool:
    return all(
        shown is None or isinstance(shown, Mark) or shown == expected
        for shown, expected in zip(astuple(line), astuple(full), strict=True)
    )


def test_the_only_small_unit_takes_another_along() -> None:
    table = publish({"a": Sums(settled=3), "b": Sums(settled=20), "c": Sums(settled=40)})

    shown = {name: line.settled for name, line in table.lines.items()}
    assert shown == {"a": Mark.SMALL, "b": Mark.WITHHELD, "c": 40}
    assert table.total.settled == 63


def test_a_number_in_no_sum_is_withheld_only_where_it_is_small() -> None:
    assert [alone(n) for n in (0, 1, 4, 5)] == [0, Mark.SMALL, Mark.SMALL, 5]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=50))
def test_the_median_of_counted_lengths_is_that_of_the_lengths(lengths: list[int]) -> None:
    counted = {length: lengths.count(length) for length in lengths}

    assert median(counted) == statistics.median(lengths)


def test_nothing_has_no_median_and_no_share() -> None:
    assert median({}) is None
    assert percent(0, 0) is None


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_only_all_is_a_hundred_percent_and_only_none_is_nought(counts: tuple[int, int]) -> None:
    part, whole = counts
    answer = percent(part, whole)

    assert (answer == 100) is (part == whole)
    assert (answer == 0) is (part == 0)
    assert answer is not None
    assert abs(answer - 100 * part / whole) <= 1
