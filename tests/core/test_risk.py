"""A risk gets its colour from one version of the matrix, and a higher level never a lower one."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import risk
from bihuan.core.risk import MATRICES, Colour, MatrixError

level = st.integers(1, risk.LEVELS)
matrix = st.sampled_from(sorted(risk.matrices()))


def _content() -> dict[str, Any]:
    return tomllib.loads((MATRICES / "5x5-1.toml").read_text(encoding="utf-8"))


@given(matrix, level, level)
def test_every_cell_of_every_version_has_a_colour(key: str, likelihood: int, harm: int) -> None:
    assert risk.matrix_of(key).colour(likelihood, harm) in Colour


@given(matrix, level, level, level, level)
def test_a_higher_level_never_has_a_lower_colour(key: str, a: int, b: int, c: int, d: int) -> None:
    grid = risk.matrix_of(key)
    lower = grid.colour(min(a, b), min(c, d))
    higher = grid.colour(max(a, b), max(c, d))

    assert higher.rank >= lower.rank
    assert not risk.is_lower(higher, lower)


@given(
    matrix,
    st.integers().filter(lambda n: not 1 <= n <= risk.LEVELS),
    level,
)
def test_there_is_no_cell_outside_the_matrix(key: str, outside: int, inside: int) -> None:
    for cell in ((outside, inside), (inside, outside)):
        with pytest.raises(MatrixError):
            risk.matrix_of(key).colour(*cell)


@pytest.mark.parametrize(
    ("likelihood", "consequence", "colour"),
    [
        (4, 5, Colour.RED), (3, 5, Colour.ORANGE), (4, 4, Colour.ORANGE),
        (3, 3, Colour.YELLOW), (2, 5, Colour.YELLOW), (2, 4, Colour.BLUE), (1, 5, Colour.BLUE),
    ],
)  # fmt: skip
def test_the_first_version_grades_by_the_product(
    likelihood: int, consequence: int, colour: Colour
) -> None:
    assert risk.matrix_of("5x5/1").colour(likelihood, consequence) is colour


def test_a_matrix_in_which_a_higher_level_has_a_lower_colour_is_refused() -> None:
    content = _content()
    content["grid"]["rows"][4][4] = "blue"

    with pytest.raises(MatrixError):
        risk.parsed(content)


@pytest.mark.parametrize("part", ["likelihood", "consequence"])
def test_a_matrix_without_all_levels_is_refused(part: str) -> None:
    content = _content()
    content[part].pop()

    with pytest.raises(MatrixError):
        risk.parsed(content)


def test_a_matrix_with_a_colour_that_does_not_exist_is_refused() -> None:
    content = _content()
    content["grid"]["rows"][0][0] = "green"

    with pytest.raises(ValueError, match="green"):
        risk.parsed(content)


def test_the_version_in_use_is_the_latest_that_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = risk.matrix_of("5x5/1")
    later = risk.parsed({**_content(), "version": 2, "in_use_from": date(2030, 1, 1)})
    monkeypatch.setattr(risk, "matrices", lambda: {m.key: m for m in (later, first)})

    assert risk.current(date(2029, 12, 31)) is first
    assert risk.current(date(2030, 1, 1)) is later
    assert risk.current(date(2000, 1, 1)) is first


def test_the_worst_colour_is_the_highest_level() -> None:
    assert risk.worst([Colour.BLUE, Colour.ORANGE, Colour.YELLOW]) is Colour.ORANGE
    assert risk.worst([]) is None


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, risk.MOST_DAYS))
def test_the_next_check_is_after_the_last_one(last: date, every: int) -> None:
    assert risk.next_check(last, every) == last + timedelta(days=every) > last
