"""Draws by lot that anyone can repeat: the seed and the pool decide, nothing else does.

Each candidate has as many tickets as its weight, numbered from 1. The number on a ticket is the
SHA-256 of a line of text, `seed`, `candidate` and ticket number, separated by line feeds, read as
a whole number. The candidate with the lowest ticket comes first. So the order of the pool, the
database and the version of Python change nothing, and `printf 'seed\\ncandidate\\n1' | sha256sum`
checks a ticket. A candidate with twice the weight has twice the tickets, and so twice the chance to
come first.

The `seed` on the tickets is that of `lots`: nothing of it is known before the pool is fixed.

Posts are drawn for what was drawn, in its order: of the posts that may take it, those with the
fewest so far, and among them the lowest number on a ticket of `seed`, `candidate` and `post`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from bihuan.core.refusal import Refusal

VERSION = "2"
MOST_WEIGHT = 16
LONGEST_SEED = 80
_TYPED = " -.,:/+#"


class BadPool(ValueError):
    """The same candidate is in the pool twice, or has no weight."""


class BadSeed(Refusal):
    """The seed is empty, too long, or has characters that cannot be typed again."""


class NotEnough(Refusal):
    """More were to be drawn than there are; `there` is how many there are."""

    def __init__(self, there: int) -> None:
        super().__init__(there)
        self.there = there


class NoPosts(Refusal):
    """Not enough posts may take this candidate, because the others are in conflict."""

    def __init__(self, candidate: str) -> None:
        super().__init__(candidate)
        self.candidate = candidate


@dataclass(frozen=True)
class Candidate:
    """Something that can be drawn, by its public code, with its weight."""

    key: str
    weight: int = 1


def commitment(seed: str) -> str:
    """Return the digest by which a seed is fixed before it is made known."""
    return sha256(seed.encode()).hexdigest()


def lots(seed: str, pool: str, salt: str) -> str:
    """Return the seed of the tickets: of the seed that was fixed first, the pool as it is kept, and
    a number drawn once the pool is fixed. So no one can calculate the result before the draw, nor
    choose the pool by it.
    """
    return sha256("\n".join((seed, commitment(pool), salt)).encode()).hexdigest()


def require_seed(seed: str) -> str:
    """Return the seed as it is used: without spaces around it, in composed characters.

    It can be typed again, also at a command line, where quotes and the like mean something else.
    """
    plain = unicodedata.normalize("NFC", seed.strip())
    typed = all(each.isalnum() or each in _TYPED for each in plain)
    if not 0 < len(plain) <= LONGEST_SEED or not typed:
        raise BadSeed
    return plain


def number(seed: str, *words: str) -> int:
    """Return the number on a ticket."""
    return int.from_bytes(sha256("\n".join((seed, *words)).encode()).digest(), "big")


def lowest(seed: str, candidate: Candidate) -> int:
    """Return the lowest number on the tickets of a candidate."""
    tickets = range(1, candidate.weight + 1)
    return min(number(seed, candidate.key, str(each)) for each in tickets)


def drawn(seed: str, pool: Iterable[Candidate], count: int) -> list[str]:
    """Return this number of candidates in the order of the draw."""
    given = list(pool)
    keys = {each.key for each in given}
    if len(keys) != len(given) or not all(1 <= each.weight <= MOST_WEIGHT for each in given):
        raise BadPool
    if not 0 <= count <= len(given):
        raise NotEnough(len(given))
    ordered = sorted(given, key=lambda each: (lowest(seed, each), each.key))
    return [each.key for each in ordered[:count]]


def share(there: int, percent: int) -> int:
    """Return how many that share of the pool is: rounded up, at least one of a pool."""
    return min(there, max(1, math.ceil(Fraction(there * percent, 100)))) if there else 0


def with_posts(
    seed: str,
    candidates: Iterable[str],
    posts: Collection[str],
    each: int,
    conflicts: Mapping[str, Collection[str]],
) -> dict[str, list[str]]:
    """Return the posts drawn for each candidate; `conflicts` names those that may not take it."""
    taken = dict.fromkeys(posts, 0)
    found: dict[str, list[str]] = {}
    for key in candidates:
        barred = conflicts.get(key, ())
        able = [post for post in taken if post not in barred]
        if len(able) < each:
            raise NoPosts(key)
        able.sort(key=lambda post: (taken[post], number(seed, key, post), post))
        found[key] = able[:each]
        for post in found[key]:
            taken[post] += 1
    return found
