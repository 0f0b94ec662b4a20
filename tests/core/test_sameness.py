"""Whether two accounts are of one problem."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import sameness
from bihuan.core.sameness import Identity
from bihuan.core.tally import Tally

OLD = Identity(1, 7, date(2026, 9, 1), "东关百货商场", "二楼疏散通道堆放纸箱")


@pytest.mark.parametrize(
    ("new", "differ"),
    [
        ({}, ()),
        ({"place": "东关 百货商场。", "words": "二楼疏散通道，堆放纸箱"}, ()),
        ({"owner": 8}, ()),
        ({"place": "西关百货商场"}, ("place",)),
        ({"day": date(2026, 9, 2)}, ("day",)),
        ({"words": "线路老化"}, ("words",)),
        ({"place": "x", "day": date(2027, 1, 1), "words": "y"}, ("place", "day", "words")),
    ],
)
def test_place_day_and_words_tell_problems_apart(
    new: dict[str, Any], differ: tuple[str, ...]
) -> None:
    assert sameness.differing(OLD, OLD._replace(**new)) == differ


@pytest.mark.parametrize(
    "new",
    [
        {"owner": 8},
        {"place": "东关百货商场一楼"},
        {"words": "二楼疏散通道堆放纸箱、塑料桶"},
        {"words": "二楼疏散通道堆着纸箱"},
    ],
)
def test_one_thing_that_differs_a_little_is_a_probable_correction(new: dict[str, Any]) -> None:
    assert sameness.ALIKE <= sameness.correction(OLD, OLD._replace(**new)) < 1


@pytest.mark.parametrize(
    "new",
    [
        {"origin": 2},
        {"day": date(2026, 9, 2)},
        {"words": "线路老化"},
        {"place": "青杉木制品厂"},
        {"owner": 8, "place": "东关百货商场一楼"},
        {"place": "东关百货商场一楼", "words": "二楼疏散通道堆放纸箱、塑料桶"},
    ],
)
def test_another_day_another_matter_or_two_differences_are_another_problem(
    new: dict[str, Any],
) -> None:
    assert sameness.correction(OLD, OLD._replace(**new)) == 0


def test_what_says_the_same_is_sure_also_where_the_row_names_no_unit() -> None:
    assert sameness.correction(OLD, OLD) == 1
    assert sameness.correction(OLD, OLD._replace(owner=None)) == 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_and_the_same_is_wholly_alike(a: str, b: str) -> None:
    assert 0 <= sameness.likeness(a, b) <= 1
    assert not sameness.plain(a) or sameness.likeness(a, a) == 1


def test_long_words_are_compared_by_every_letter() -> None:
    old, new = "三车间南侧电缆沟盖板破损" * 25, "三车间北侧电缆沟盖板缺失" * 25

    assert sameness.likeness(old, new) == 0.75


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=300))
def test_a_tally_counts_as_a_dictionary_would(digests: list[int]) -> None:
    tally, counted = Tally(), dict[int, int]()

    for digest in digests:
        key = digest or 1
        assert tally.add(digest) == counted.get(key, 0)
        counted[key] = counted.get(key, 0) + 1

    assert all(digest in tally for digest in digests)
    assert (2**64 - 5 in tally) == (2**64 - 5 in counted)


def test_a_tally_grows() -> None:
    tally = Tally()

    for digest in range(1, 10_000):
        assert tally.add(digest * 4096) == 0

    assert all(digest * 4096 in tally for digest in range(1, 10_000))
    assert 4095 not in tally
