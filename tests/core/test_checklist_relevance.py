"""The simple expressions of XLSForm; everything else is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import checklist_relevance as expressions
from bihuan.core.checklist import Condition
from bihuan.core.checklist_relevance import TooElaborate


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("${a} = 'x'", ("x",)),
        ('${a}="x"', ("x",)),
        ("  ( ${ a } = 'x' ) ", ("x",)),
        ("${a} = 'x' or ${a} = 'y'", ("x", "y")),
        ("(${a} = 'x') or (${a} = 'y')", ("x", "y")),
        ("selected(${a}, 'x')", ("x",)),
        ("selected( ${a} ,'x') or ${a} = 'x'", ("x",)),
        ("${a} = ''", ("",)),
    ],
)
def test_answers_of_one_question_are_a_condition(text: str, values: tuple[str, ...]) -> None:
    assert expressions.condition(text) == Condition("a", values)


@pytest.mark.parametrize(
    "text",
    ["", "true()", "${a}", "${a} > 3", "${a} != 'x'", "not(${a} = 'x')", "${a} = ${b}",
     "${a} = 'x' and ${b} = 'y'", "${a} = 'x' or ${b} = 'y'", "${a} = 'x' or true()",
     "selected(${a}, 'x') = false()", "(${a} = 'x'", "count(${a}) = '1'", "(" * 3000],
)  # fmt: skip
def test_other_conditions_are_refused(text: str) -> None:
    with pytest.raises(TooElaborate):
        expressions.condition(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (". >= 1", ("1", None)),
        (".<=-2.5", (None, "-2.5")),
        (". >= 1 and . <= 9", ("1", "9")),
        ("(. <= 9) and (. >= 1)", ("1", "9")),
    ],
)
def test_a_range_is_read(text: str, ends: tuple[str | None, str | None]) -> None:
    assert expressions.bounds(text) == tuple(end and Decimal(end) for end in ends)


@pytest.mark.parametrize(
    "text",
    ["", ". > 1", ". < 9", ". >= 1 or . <= 9", ". >= 1 and . >= 2", ". >= ${a}", "regex(., '1')",
     ". >= 1e5", ". >= today()"],
)  # fmt: skip
def test_other_ranges_are_refused(text: str) -> None:
    with pytest.raises(TooElaborate):
        expressions.bounds(text)


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@given(names, st.lists(names, min_size=1, max_size=4, unique=True))
def test_what_is_written_is_read_again(item: str, values: list[str]) -> None:
    condition = Condition(item, tuple(values))

    assert expressions.condition(expressions.written(condition)) == condition
