"""Chains of entries: who did what, when and why; and the root that seals each day."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models

# The act of erasing what is kept beside earlier entries.
ERASE = "erase_values"
# What a detail holds for `journal verify` alone: how the subject stood (see `standing`).
STATE = "state"
# The act of writing that down of a subject whose entries come from before they held it.
STANDS = "stands"


class Chain(models.Model):
    """The journal of one subject: a case ("case/H2026-000123"), a unit, an officer."""

    subject = models.CharField(max_length=80)
    length = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject"], name="chain_subject_once")]

    def __str__(self) -> str:
        return self.subject


class EntryQuerySet(models.QuerySet["Entry"]):
    def unsealed(self, last: Anchor | None) -> EntryQuerySet:
        """What no daily root up to this one covers, late arrivals included."""
        if last is None:
            return self
        return self.filter(
            models.Q(at__gte=last.until_at) | models.Q(pk__gt=last.through),
        )


class Entry(models.Model):
    """One act on one subject. The database refuses to change or remove it (migration 0002)."""

    # Neither key has an index of its own: entries are found by chain, through the constraint
    # below, and never by the officer, whose acts nobody lists. That the chain is there is for
    # `journal verify` to say: checking it with every row takes longer than writing the row.
    chain = models.ForeignKey(
        Chain,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        db_constraint=False,
    )
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    act = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    # The text itself is hashed, so it is kept as it was written and not as JSON.
    detail = models.TextField(blank=True)
    before_digest = models.BinaryField(max_length=32, default=bytes)
    after_digest = models.BinaryField(max_length=32, default=bytes)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="entry_seq_once_in_a_chain")
        ]
        indexes = [models.Index(fields=["at"], name="entry_by_time")]

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"

    @property
    def details(self) -> dict[str, Any]:
        """What the timeline shows beside the act."""
        told = dict(json.loads(self.detail)) if self.detail else {}
        told.pop(STATE, None)
        return told


class KeptValues(models.Model):
    """What an act replaced, and by what: beside the entry, which holds only their digests.

    The values may be erased when they should not be kept any longer; the entry stays, and says
    which fields they were.
    """

    chain = models.ForeignKey(
        Chain, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    # JSON, whose digests the entry holds.
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="values_kept_once_for_an_entry"),
            models.CheckConstraint(
                name="erased_values_are_never_there",
                condition=models.Q(erased_at=None) | models.Q(before="", after=""),
            ),
        ]

    def __str__(self) -> str:
        return f"values of entry {self.seq}"

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Each field with what stood there before and after; nothing once they are erased."""
        if self.erased_at is not None:
            return []
        before, after = json.loads(self.before), json.loads(self.after)
        return [(name, before[name], after[name]) for name in before]


class Anchor(models.Model):
    """The Merkle root over every chain that moved within one hour, chained to the one before it.

    It covers the entries that are older than `until_at`, whose id is at most `through`, and
    that no earlier anchor covers. So an entry that is committed late, with an instant of an hour
    that is sealed already, belongs to the next hour sealed and is never left out. A day that was
    over before anybody sealed it has one for the whole of it.
    """

    # The day in which what it covers lies, where the office is.
    date = models.DateField()
    until_at = models.DateTimeField(unique=True)
    through = models.BigIntegerField()
    leaves = models.PositiveIntegerField()
    previous = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.until_at} {bytes(self.root).hex()}"


class Written(models.Model):
    """How many rows a table that never loses one was ever given; triggers count (migration 0004).

    Several lines count for one table, so that transactions do not wait for each other.
    """

    name = models.CharField(max_length=40)
    line = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "line"], name="written_counted_once_on_a_line")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"
