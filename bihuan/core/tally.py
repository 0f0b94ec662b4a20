"""Count digests in little memory: sixteen bytes each, where a set takes ten times as much."""

from __future__ import annotations

from array import array
from collections import Counter
from hashlib import blake2b

FIRST = 1 << 12


class Tally:
    """How often each digest of 64 bits was counted.

    An open-addressing hash table, half empty. Two different digests among ten million are equal
    once in a million files; the caller must accept an unnecessary question about such a row.
    """

    def __init__(self) -> None:
        self._size, self._count = FIRST, 0
        self._table = array("Q", bytes(8 * FIRST))
        self._again: Counter[int] = Counter()

    def add(self, digest: int) -> int:
        """Count the digest; return how often it had been counted before."""
        digest = digest or 1  # 0 marks an empty slot
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
        """Return the slot of the digest, or the empty one where it belongs."""
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
    """Convert a key, which is a digest, to a number."""
    return int(key[:16], 16)


def of_text(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
