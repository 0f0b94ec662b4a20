"""Chains of entries (who did what, when and why), and the roots that seal them."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models

# The act of erasing values kept for earlier entries.
ERASE = "erase_values"
# The key in a detail that only `journal verify` reads: the subject's state (see `standing`).
STATE = "state"
# The act of recording the state of a subject whose entries are older than this feature.
STANDS = "stands"


class Chain(models.Model):
    """The journal of one subject, such as a case ("case/H2026-000123"), a unit or an officer."""

    subject = models.CharField(max_length=80)
    length = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject"], name="chain_subject_once")]

    def __str__(self) -> str:
        return self.subject


class EntryQuerySet(models.QuerySet["Entry"]):
    def unsealed(self, last: Anchor | None) -> EntryQuerySet:
        """Return the entries that no root up to this one covers, including late arrivals."""
        if last is None:
            return self
        return self.filter(
            models.Q(at__gte=last.until_at) | models.Q(pk__gt=last.through),
        )


class Entry(models.Model):
    """One act on one subject. The database refuses to change or remove it (migration 0002)."""

    # Neither foreign key has its own index: entries are found by chain, through the constraint
    # below, and never by officer, since no page lists the acts of an officer. `journal verify`
    # checks that the chain exists: a foreign key check for each row takes longer than writing the
    # row.
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
    # The text itself is hashed, so it is stored as written and not as JSON.
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
        """Return the details that the timeline shows with the act."""
        told = dict(json.loads(self.detail)) if self.detail else {}
        told.pop(STATE, None)
        return told


class KeptValues(models.Model):
    """The values before and after an act, stored separately from the entry, which holds only
    digests.

    The values may be erased when they must no longer be kept; the entry remains, and names the
    fields.
    """

    chain = models.ForeignKey(
        Chain, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    # JSON; the entry holds its digest.
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
        """Return each field with its values before and after; empty once they are erased."""
        if self.erased_at is not None:
            return []
        before, after = json.loads(self.before), json.loads(self.after)
        return [(name, before[name], after[name]) for name in before]


class Anchor(models.Model):
    """The Merkle root over every chain that changed within one hour, linked to the previous root.

    It covers the entries that are older than `until_at`, whose id is at most `through`, and that no
    earlier root covers. So an entry that is committed late, with an instant in an hour that is
    already sealed, is covered by the next root and is never left out. A past day that was not
    sealed in time gets one root for the whole day.
    """

    # The local day of the period that it covers.
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
    """How many rows a table that never deletes rows was ever given; counted by triggers (migration
    0004).

    A table has several counter rows, so that transactions do not wait for each other.
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
