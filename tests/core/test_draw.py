"""A draw by lot is repeated from its seed by anyone: the same pool, the same result."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import draw
from bihuan.core.draw import Candidate, commitment, drawn, require_seed, share, with_posts

POOL = [Candidate(f"S{number:02d}") for number in range(1, 11)]
# Published: which of S01 to S10 a seed draws first. A change of this table changes every old draw.
PUBLISHED = {
    "2026123": ["S04", "S05", "S02", "S07", "S10"],
    "闭环": ["S04", "S02", "S07", "S08", "S05"],
    "0": ["S01", "S02", "S07", "S06", "S05"],
}
keys = st.lists(st.text("ABCDEFGH23456789", min_size=1, max_size=6), unique=True, max_size=30)
seeds = st.text(min_size=1, max_size=20)


@pytest.mark.parametrize("seed", PUBLISHED)
def test_a_published_seed_draws_what_was_published(seed: str) -> None:
    assert drawn(seed, POOL, 5) == PUBLISHED[seed]


def test_a_ticket_can_be_checked_with_any_program_that_knows_sha_256() -> None:
    line = b"2026123\nS01\n1"

    assert draw.number("2026123", "S01", "1") == int(sha256(line).hexdigest(), 16)


@given(seeds, keys, st.randoms())
def test_the_order_of_the_pool_changes_nothing(seed: str, found: list[str], random: object) -> None:
    pool = [Candidate(key, 1 + len(key)) for key in found]
    mixed = list(pool)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert drawn(seed, pool, len(pool)) == drawn(seed, mixed, len(mixed))


@given(seeds, keys, st.data())
def test_fewer_drawn_are_the_first_of_more_and_all_different(
    seed: str, found: list[str], data: st.DataObject
) -> None:
    pool = [Candidate(key) for key in found]
    count = data.draw(st.integers(0, len(pool)))

    result = drawn(seed, pool, count)

    assert result == drawn(seed, pool, len(pool))[:count]
    assert len(set(result)) == count
    assert set(result) <= set(found)


def test_twice_the_weight_is_twice_the_chance_to_come_first() -> None:
    pool = [Candidate("heavy", 2), Candidate("light", 1)]

    first = Counter(drawn(str(seed), pool, 1)[0] for seed in range(3000))

    assert 1850 < first["heavy"] < 2150


def test_each_candidate_comes_first_about_equally_often() -> None:
    first = Counter(drawn(str(seed), POOL, 1)[0] for seed in range(3000))

    assert all(240 < first[each.key] < 360 for each in POOL)


@pytest.mark.parametrize(
    "pool", [[Candidate("a"), Candidate("a")], [Candidate("a", 0)], [Candidate("a", 10**9)]]
)
def test_a_pool_that_names_one_twice_or_weighs_one_wrongly_is_refused(
    pool: list[Candidate],
) -> None:
    with pytest.raises(draw.BadPool):
        drawn("1", pool, 1)


@pytest.mark.parametrize("count", [-1, 11])
def test_more_than_there_are_cannot_be_drawn(count: int) -> None:
    with pytest.raises(draw.NotEnough) as refused:
        drawn("1", POOL, count)
    assert refused.value.there == 10


@pytest.mark.parametrize(
    "seed", ["", " ", "a\x00b", "a\nb", "9" * 81, "1'; reboot", "%s", "$(id)", "\\n"]
)
def test_a_seed_that_cannot_be_typed_again_is_refused(seed: str) -> None:
    with pytest.raises(draw.BadSeed):
        require_seed(seed)


def test_a_seed_is_used_without_the_spaces_around_it() -> None:
    assert require_seed(" 2026123 ") == "2026123"
    assert commitment("2026123") == sha256(b"2026123").hexdigest()


@pytest.mark.parametrize(
    ("there", "percent", "number"), [(0, 10, 0), (3, 1, 1), (200, 5, 10), (201, 5, 11), (7, 100, 7)]
)
def test_a_share_is_rounded_up_and_at_least_one(there: int, percent: int, number: int) -> None:
    assert share(there, percent) == number


@given(seeds, keys, st.integers(2, 6))
def test_posts_in_conflict_are_left_out_and_the_others_share_evenly(
    seed: str, found: list[str], many: int
) -> None:
    posts = [f"P{number}" for number in range(many)]
    conflicts = {key: ["P0"] for key in found}

    result = with_posts(seed, found, posts, 1, conflicts)

    taken = Counter(post for chosen in result.values() for post in chosen)
    assert "P0" not in taken
    assert max(taken.values(), default=0) - min((taken[p] for p in posts[1:]), default=0) <= 1
    assert result == with_posts(seed, found, posts[::-1], 1, conflicts)


def test_two_posts_for_each_are_two_different_ones() -> None:
    result = with_posts("1", ["a", "b", "c"], ["P1", "P2", "P3"], 2, {})

    assert all(len(set(each)) == 2 for each in result.values())
    assert Counter(post for each in result.values() for post in each) == {
        "P1": 2,
        "P2": 2,
        "P3": 2,
    }


def test_what_no_post_may_take_is_refused_by_its_code() -> None:
    with pytest.raises(draw.NoPosts) as refused:
        with_posts("1", ["a", "b"], ["P1", "P2"], 2, {"b": ["P1"]})
    assert refused.value.candidate == "b"
