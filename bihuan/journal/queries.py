"""Reading the journal: one subject's timeline, and the proof that nothing was touched."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from bihuan.core.chain import START, Day, canonical, microseconds
from bihuan.journal import kept_values
from bihuan.journal.diagnosis import UNREADABLE, Break, Finding, Row, diagnose
from bihuan.journal.models import Anchor, Chain, Entry, EntryQuerySet
from bihuan.store.stream import snapshot, stream

CONTENT = (
    "seq",
    "at",
    "actor",
    "act",
    "note",
    "detail",
    "before_digest",
    "after_digest",
    "previous",
    "hash",
)
FINDINGS = 100  # so many are told; whoever rewrote a million rows is known by then


def timeline(subject: str) -> EntryQuerySet:
    """The entries of one subject, oldest first, with the officers who made them."""
    return Entry.objects.filter(chain__subject=subject).select_related("actor").order_by("seq")


@dataclass(frozen=True)
class Verification:
    """What a pass over the whole journal read and found."""

    entries: int
    chains: int
    findings: list[Finding]
    # Entries whose kept values were erased, which is no break.
    erased: int = 0

    @property
    def ok(self) -> bool:
        return not self.findings


def verify() -> Verification:
    """Recompute every chain and every daily root in one pass over the entries."""
    with snapshot():
        seals = _Seals()
        reading = _Reading(seals)
        reading.run()
        findings = [*reading.strays]
        for chain in reading.broken:
            findings += _diagnosed(*chain)
        findings += seals.findings()
        findings += islice(kept_values.findings(), FINDINGS)
        erased = kept_values.erased()
    return Verification(reading.entries, reading.chains, findings[:FINDINGS], erased)


def _diagnosed(chain: int, subject: str, length: int, head: bytes) -> list[Finding]:
    rows = stream(Entry, CONTENT, order_by=["seq"], chain=chain)
    return diagnose(subject, length, head, [Row(*row) for row in rows])


class _Reading:
    """Chains and entries read side by side, both in the order of the chains."""

    def __init__(self, seals: _Seals) -> None:
        self.entries = self.chains = 0
        self.broken: list[tuple[int, str, int, bytes]] = []
        self.strays: list[Finding] = []
        self._seals = seals
        self._rows = stream(Entry, ["chain", "id", *CONTENT], order_by=["chain", "seq"])
        self._row: tuple[Any, ...] | None = None

    def run(self) -> None:
        self._row = next(self._rows, None)
        for chain in stream(Chain, ["id", "subject", "length", "head"], order_by=["id"]):
            self.chains += 1
            self._pass_strays(before=chain[0])
            if not self._holds(*chain) and len(self.broken) < FINDINGS:
                self.broken.append(chain)
        self._pass_strays(before=None)

    def _pass_strays(self, before: int | None) -> None:
        """Note entries of chains that are not there."""
        while self._row is not None and (before is None or self._row[0] < before):
            if len(self.strays) < FINDINGS:
                subject = f"#{self._row[0]}"
                self.strays.append(Finding(Break.STRAY, subject, self._row[2], field="chain"))
            self.entries += 1
            self._row = next(self._rows, None)

    def _holds(self, chain: int, subject: str, length: int, head: bytes) -> bool:
        # The loop that every row of the archive goes through: flat, and nothing looked up twice.
        rows, row, place_of = self._rows, self._row, self._seals.place
        last, count, sound = START, 0, True
        sealed: dict[int, bytes] = {}
        while row is not None and row[0] == chain:
            _, number, seq, at, actor, act, note, detail, before, after, previous, digest = row
            count += 1
            try:
                content = canonical(subject, seq, at, actor, act, note, detail, before, after)
                if (
                    seq != count
                    or previous != last
                    or sha256(previous + content).digest() != digest
                ):
                    sound = False
                sealed[place_of(at, number)] = digest
            except UNREADABLE:
                sound = False
            last = digest
            row = next(rows, None)
        self._row = row
        self.entries += count
        self._seals.add(subject, sealed)
        return sound and count == length and last == head


class _Seals:
    """Every daily root, built again while the chains go by."""

    def __init__(self) -> None:
        self._anchors = list(Anchor.objects.order_by("date"))
        self._untils = [microseconds(anchor.until_at) for anchor in self._anchors]
        self._throughs = [anchor.through for anchor in self._anchors]
        self._days = [
            Day(anchor.date, until=until, through=anchor.through, previous=bytes(anchor.previous))
            for anchor, until in zip(self._anchors, self._untils, strict=True)
        ]

    def place(self, at: int, number: int) -> int:
        """The first daily root late enough for an entry, by its time and by its id."""
        return max(bisect_right(self._untils, at), bisect_left(self._throughs, number))

    def add(self, subject: str, sealed: dict[int, bytes]) -> None:
        for place, digest in sealed.items():
            if place < len(self._days) and isinstance(digest, bytes):
                self._days[place].add(subject, digest)

    def findings(self) -> Iterator[Finding]:
        before = START
        for anchor, day in zip(self._anchors, self._days, strict=True):
            if bytes(anchor.previous) != before:
                yield Finding(Break.ROOT, day=anchor.date, field="previous")
            if day.chains != anchor.leaves:
                yield Finding(Break.ROOT, day=anchor.date, field="leaves")
            elif day.root() != bytes(anchor.root):
                yield Finding(Break.ROOT, day=anchor.date, field="root")
            before = bytes(anchor.root)
