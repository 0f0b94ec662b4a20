"""Tracking codes, acts held until they are confirmed, and the keys of receipts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.cases.models import REPORTER
from bihuan.orgs.models import Unit, User


class TrackingCode(models.Model):
    """The access to a case for the holder of its code, of which only a slow hash is stored."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="codes")
    slot = models.CharField(max_length=12, default=REPORTER)
    code_hash = models.BinaryField(max_length=32, unique=True, null=True, blank=True)
    # Until the worker has calculated the slow hash: a quick one and the code, both under keys that
    # are not in the database (docs/decisions/0130-codes-are-hardened-by-the-worker.md).
    quick_hash = models.BinaryField(max_length=32, unique=True, null=True, blank=True)
    sealed_code = models.TextField(blank=True)
    # The digest of the submission, which is in the receipt and in the journal.
    content_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    # An officer has seen it: handed over at a desk, or used at one. Then it only opens the page on
    # which its holder takes another (docs/decisions/0136-codes-from-a-desk.md).
    is_from_desk = models.BooleanField(default=False)
    # When the holder took this one to replace one that an officer had seen, and how often.
    renewed_at = models.DateTimeField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "slot"], name="one_code_for_each_slot"),
            models.CheckConstraint(
                name="renewed_code_says_when",
                condition=Q(renewed_at=None, renewals=0)
                | Q(renewed_at__isnull=False, renewals__gt=0),
            ),
            models.CheckConstraint(
                name="code_is_hardened_or_waits_for_it",
                condition=Q(code_hash__isnull=False, quick_hash=None, sealed_code="")
                | (Q(code_hash=None, quick_hash__isnull=False) & ~Q(sealed_code="")),
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.case_id}, {self.slot}"


class SpentCode(models.Model):
    """A code that was replaced: it opens nothing, and its holder is informed."""

    code = models.ForeignKey(TrackingCode, on_delete=models.CASCADE, related_name="spent")
    # Quick or slow, as it was stored there.
    code_hash = models.BinaryField(max_length=32, unique=True)
    spent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"spent {self.code}"


class HeldAct(models.Model):
    """An act that weakens the reporter's position and came by a code that an officer had seen:
    it takes effect once an officer above has verified that the reporter wants it.
    """

    code = models.ForeignKey(TrackingCode, on_delete=models.CASCADE, related_name="held")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="held")
    act = models.CharField(max_length=24)
    said = models.JSONField(default=dict)
    held_at = models.DateTimeField()
    # The desk at which it was entered in the reporter's presence; null on the portal.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_confirmed = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "act"], condition=Q(decided_at=None), name="act_is_held_once"
            ),
            models.CheckConstraint(
                name="held_act_is_decided_by_somebody_with_a_reason",
                condition=Q(decided_at=None, decided_by=None, is_confirmed=None)
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & Q(is_confirmed__isnull=False)
                    & ~Q(note="")
                ),
            ),
            models.CheckConstraint(
                name="nobody_decides_what_they_entered",
                condition=Q(member=None) | Q(decided_by=None) | ~Q(decided_by=F("member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} held on {self.case_id}"


class ReceiptKey(models.Model):
    """A public key for checking receipts; earlier ones are kept, so that old slips remain valid."""

    label = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(max_length=64)
    since_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label


class DisposedCode(models.Model):
    """A code of a case that is no longer kept; it does not reveal which, or since when."""

    code_hash = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"code {self.pk}"
