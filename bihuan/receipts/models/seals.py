"""The identity of the reporter, stored separately and encrypted, and requests to see it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.cases.models import REPORTER
from bihuan.orgs.models import User


class Seal(models.Model):
    """A name and contact under a key of their own, which only a key outside the database
    unwraps.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="seals")
    # Whose it is: "reporter", or a party of a mediation ("party-2").
    slot = models.CharField(max_length=12, default=REPORTER)
    wrapped_key = models.TextField(blank=True)
    content = models.TextField(blank=True)
    sealed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "slot"], name="one_seal_for_each_slot"),
            models.CheckConstraint(
                name="seal_is_empty_exactly_when_erased",
                condition=Q(erased_at=None) & ~Q(content="") & ~Q(wrapped_key="")
                | Q(erased_at__isnull=False, content="", wrapped_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"seal of {self.case_id}, {self.slot}"


class SealKey(models.Model):
    """A known text encrypted with one of the keys outside the database: without that key it cannot
    be decrypted.

    A seal does not record its key; a key is needed until all seals were wrapped again.
    """

    label = models.CharField(max_length=12)
    probe = models.TextField()
    first_used_at = models.DateTimeField()
    # Since when every seal is under a newer key.
    retired_at = models.DateTimeField(null=True, blank=True)
    # Since when the key is known to be lost.
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label"], name="one_probe_for_each_seal_key"),
        ]

    def __str__(self) -> str:
        return f"seal key {self.label}"


class UnsealRequest(models.Model):
    """A request to unseal, with a reason; each view is recorded as a receipt that the reporter
    sees.
    """

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="unseal_requests")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    allowed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    allowed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # After this the reason must be given again.
    until_at = models.DateTimeField()
    # Danger to life: requested by an officer whose post or password is too new to unseal alone.
    is_danger = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_allows_their_own_opening",
                condition=Q(allowed_by=None) | ~Q(allowed_by=F("asked_by")),
            ),
            models.CheckConstraint(name="opening_always_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="in_danger_nobody_opens_alone",
                condition=Q(is_danger=False) | Q(opened_at=None) | Q(allowed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"opening of {self.seal_id}"
