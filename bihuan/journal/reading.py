"""One pass over all chains, entries and roots, in constant memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from django.db import connection, models
from django.db.models import Sum

from bihuan.core.chain import START, Day, canonical, microseconds
from bihuan.journal.comparison import Comparison
from bihuan.journal.diagnosis import FINDINGS, UNREADABLE, Break, Finding
from bihuan.journal.handed_out import HandedOut
from bihuan.journal.hooks import MARK
from bihuan.journal.models import Anchor, Chain, Entry, Written
from bihuan.quoting import table
from bihuan.store.prepared import all_rows
from bihuan.store.stream import stream

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
# The tolerated difference: an action may wait for another, and an import records when it began.
SLACK = 3_600_000_000
GAPS = 5  # limit of the entries named


def rows_of(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a witness's own statement, which it asks after every act: PostgreSQL plans it
    once for each connection."""
    return all_rows(statement, values)


class Reading:
    """Reads chains and entries in parallel, both in the order of the chains."""

    def __init__(self, seals: Seals) -> None:
        self.entries = self.chains = 0
        self.broken: list[tuple[int, str, int, bytes]] = []
        self.strays: list[Finding] = []
        self.untimely: list[Finding] = []
        self.comparison = Comparison()
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
        self.comparison.finish()

    def _pass_strays(self, before: int | None) -> None:
        """Report entries whose chain does not exist."""
        while self._row is not None and (before is None or self._row[0] < before):
            if len(self.strays) < FINDINGS:
                subject = f"#{self._row[0]}"
                self.strays.append(Finding(Break.STRAY, subject, self._row[2], field="chain"))
            self.entries += 1
            self._row = next(self._rows, None)

    def _holds(self, chain: int, subject: str, length: int, head: bytes) -> bool:
        # The inner loop over every row of the archive: no function calls, nothing looked up twice.
        rows, row, place_of = self._rows, self._row, self._seals.place
        last, count, sound, latest = START, 0, True, 0
        sealed: dict[int, bytes] = {}
        untimely: list[int] = []
        stands, said = "", 0
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
                if at < latest:
                    untimely.append(seq)
                latest = at - SLACK
                if MARK in detail:
                    stands, said = detail, seq
            except UNREADABLE:
                sound = False
            last = digest
            row = next(rows, None)
        self._row = row
        self.entries += count
        self._seals.add(subject, sealed)
        self.comparison.add(subject, said, stands)
        sound = sound and count == length and last == head
        if untimely and sound and len(self.untimely) < FINDINGS:
            self.untimely += [Finding(Break.TIME, subject, seq, field="at") for seq in untimely]
        return sound


class Seals:
    """Rebuilds every root while the chains are read; needs about one kilobyte for each."""

    def __init__(self) -> None:
        self.anchors = list(Anchor.objects.order_by("until_at"))
        self._untils = [microseconds(anchor.until_at) for anchor in self.anchors]
        self._throughs = [anchor.through for anchor in self.anchors]
        self._trees = [
            Day(anchor.date, until=until, through=anchor.through, previous=bytes(anchor.previous))
            for anchor, until in zip(self.anchors, self._untils, strict=True)
        ]

    def place(self, at: int, number: int) -> int:
        """Return the first root late enough for an entry, by its time and its id."""
        return max(bisect_right(self._untils, at), bisect_left(self._throughs, number))

    def add(self, subject: str, sealed: dict[int, bytes]) -> None:
        for place, digest in sealed.items():
            if place < len(self._trees) and isinstance(digest, bytes):
                self._trees[place].add(subject, digest)

    def findings(self) -> Iterator[Finding]:
        before = START
        for anchor, tree in zip(self.anchors, self._trees, strict=True):
            if bytes(anchor.previous) != before:
                yield _of_root(anchor, "previous")
            if tree.chains != anchor.leaves:
                yield _of_root(anchor, "leaves")
            elif tree.root() != bytes(anchor.root):
                yield _of_root(anchor, "root")
            before = bytes(anchor.root)

    def differing(self, handed_out: Sequence[HandedOut]) -> Iterator[Finding]:
        """Return exported roots that are missing from the database or differ there."""
        here = {anchor.until_at: anchor for anchor in self.anchors}
        for each in handed_out:
            found = here.get(each.until_at)
            if found is None:
                yield Finding(Break.OUTSIDE, field="missing", until_at=each.until_at)
            elif each != HandedOut(found.until_at, found.through, found.leaves, bytes(found.root)):
                yield Finding(Break.OUTSIDE, field="other", until_at=each.until_at)


def _of_root(anchor: Anchor, field: str) -> Finding:
    return Finding(Break.ROOT, day=anchor.date, field=field, until_at=anchor.until_at)


# -------------------------------------------------------------- what is missing
def miscounted(entries: int, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    """Return tables whose number of rows differs from the number ever inserted."""
    there = {Entry: entries, Anchor: len(anchors)}
    for model, count in there.items():
        name = model._meta.db_table
        written = Written.objects.filter(name=name).aggregate(sum=Sum("count"))["sum"] or 0
        if written != count:
            through = anchors[-1].through if anchors and model is Entry else 0
            gaps = ", ".join(_gaps(model, through)) if written > count else ""
            yield Finding(Break.COUNT, name, written - count, field=name, hint=gaps)


def _gaps(model: type[models.Model], through: int) -> Iterator[str]:
    """Return the first missing ids after this one.

    PostgreSQL leaves such gaps after a rollback, so a gap alone proves nothing.
    """
    name = table(model)
    # A first row for the last id covered by roots, and a last row for the next id.
    taken = (
        f"SELECT {int(through)} AS id UNION ALL SELECT id FROM {name} WHERE id > {int(through)} "
        f"UNION ALL SELECT {_NEXT[connection.vendor].format(model._meta.db_table)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT before + 1, id - 1 FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before "
            f"FROM ({taken}) AS taken) AS pairs WHERE id > before + 1 ORDER BY 1 LIMIT {GAPS}"
        )
        for first, last in cursor.fetchall():
            yield str(first) if first == last else f"{first}-{last}"


_NEXT = {
    "postgresql": "1 + coalesce(pg_sequence_last_value("
    "pg_get_serial_sequence('{0}', 'id')::regclass), 0)",
    "sqlite": "1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{0}'), 0)",
}
