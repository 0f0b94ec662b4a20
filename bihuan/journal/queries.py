"""Read the journal: the timeline of one subject, and the verification of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from bihuan.journal import comparison, guards, kept_values
from bihuan.journal.diagnosis import FINDINGS, Break, EntryRow, Finding, diagnose
from bihuan.journal.handed_out import HandedOut
from bihuan.journal.models import Entry, EntryQuerySet
from bihuan.journal.reading import CONTENT, Reading, Seals, miscounted
from bihuan.store.prepared import prepared
from bihuan.store.stream import snapshot, stream

PAGE = 50  # entries of a timeline shown at once


def timeline(subject: str) -> EntryQuerySet:
    """Return the entries of one subject, oldest first, with the officers who made them."""
    return Entry.objects.filter(chain__subject=subject).select_related("actor").order_by("seq")


@prepared
def latest(subject: str) -> QuerySet[Entry]:
    """Return the newest entries of one subject, one more than a page shows."""
    return timeline(subject).order_by("-seq")[: PAGE + 1]


def page(subject: str, *, before: int | None = None) -> list[Entry]:
    """Return `latest`, or as many entries before one of them."""
    if before is None:
        return latest(subject)
    return list(timeline(subject).filter(seq__lt=before).order_by("-seq")[: PAGE + 1])


@dataclass(frozen=True)
class Proof:
    """How far what was read is proven, and by what."""

    roots: int = 0
    # Until when entries are sealed by roots, and how many entries are not sealed yet.
    sealed_until: datetime | None = None
    unsealed: int = 0
    # Of the exported roots: how many are unchanged in the database, and the last of them.
    compared: int = 0
    outside_until: datetime | None = None
    # How many records were compared with the state in their last entry, and how many have no such
    # entry because they are older than this feature.
    stands: int = 0
    unsaid: int = 0


@dataclass(frozen=True)
class Verification:
    """The result of a pass over the whole journal."""

    entries: int
    chains: int
    findings: list[Finding]
    # Entries whose kept values were erased, which is not a break.
    erased: int = 0
    proof: Proof = field(default_factory=Proof, compare=False)

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(handed_out: Sequence[HandedOut] = ()) -> Verification:
    """Recalculate every chain and root in one pass over the entries, and compare the roots with
    those that were exported.
    """
    with snapshot():
        seals = Seals()
        reading = Reading(seals)
        reading.run()
        outside = list(seals.differing(handed_out))
        findings = [*reading.strays, *reading.untimely]
        for chain in reading.broken:
            findings += _diagnosed(*chain)
        findings += seals.findings()
        findings += outside
        findings += miscounted(reading.entries, seals.anchors)
        findings += _lifted()
        findings += reading.comparison.findings
        findings += comparison.unwitnessed()
        findings += islice(kept_values.findings(), FINDINGS)
        erased = kept_values.erased()
        proof = _proof(seals, handed_out, {each.until_at for each in outside})
        compared = reading.comparison
        proof = replace(proof, stands=compared.compared, unsaid=compared.unsaid)
    return Verification(reading.entries, reading.chains, findings[:FINDINGS], erased, proof)


def _diagnosed(chain: int, subject: str, length: int, head: bytes) -> list[Finding]:
    rows = stream(Entry, CONTENT, order_by=["seq"], chain=chain)
    return diagnose(subject, length, head, [EntryRow(*row) for row in rows])


def _lifted() -> Iterator[Finding]:
    for name in guards.lifted():
        yield Finding(Break.GUARD, name)


def _proof(seals: Seals, handed_out: Sequence[HandedOut], differing: set[datetime | None]) -> Proof:
    last = seals.anchors[-1] if seals.anchors else None
    as_they_were = [each.until_at for each in handed_out if each.until_at not in differing]
    return Proof(
        roots=len(seals.anchors),
        sealed_until=last.until_at if last else None,
        unsealed=Entry.objects.unsealed(last).count(),
        compared=len(as_they_were),
        outside_until=max(as_they_were, default=None),
    )
