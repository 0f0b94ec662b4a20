"""Counting digests in little memory: sixteen bytes for each, where a set takes ten times that."""

from __future__ import annotations

from array import array
from collections import Counter
from hashlib import blake2b

FIRST = 1 << 12


class Tally:
    """How often each digest of 64 bits was counted.

    A table of its own, half empty, in which a digest lies at the place that it names or behind
    it. Two different digests of ten million are the same once in a million files; whoever counts
    must be content to ask about such a row.
    """

    def __init__(self) -> None:
        self._size, self._count = FIRST, 0
        self._table = array("Q", bytes(8 * FIRST))
        self._again: Counter[int] = Counter()

    def add(self, digest: int) -> int:
        """Count the digest; how often it had been counted before."""
        digest = digest or 1  # 0 is an empty place
        at = self._place(digest)
        if self._table[at]:
            self._again[digest] += 1
            return self._again[digest]
        self._table[at] = digest
        self._count += 1
        if self._count * 2 > self._size:
            self._grow()
        return 0

    def __contains__(self, digest: int) -> bool:
        return bool(self._table[self._place(digest or 1)])

    def _place(self, digest: int) -> int:
        """Where it lies, or the empty place where it would."""
        table, mask = self._table, self._size - 1
        at = digest & mask
        while (found := table[at]) and found != digest:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old = self._table
        self._size *= 2
        self._table = array("Q", bytes(8 * self._size))
        for digest in old:
            if digest:
                self._table[self._place(digest)] = digest


def of_key(key: str) -> int:
    """A key, which is a digest, as a number."""
    return int(key[:16], 16)


def of_text(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
