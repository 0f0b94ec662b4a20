"""API keys of other systems, and additional data from their reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.cases.models import Case
from bihuan.orgs.models import Unit, User


class ApiKey(models.Model):
    """The key of one system; only its hash is stored, and its first characters to identify it."""

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    start = models.CharField(max_length=8)
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name of this key in the journal."""
        return f"api-key/{self.pk}"


class Arrival(models.Model):
    """How a case came through Open311, and values of its form that the case cannot hold."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="arrival"
    )
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    service_code = models.CharField(max_length=24)
    address_id = models.CharField(max_length=80, blank=True)
    zipcode = models.CharField(max_length=20, blank=True)
    # Digests under a secret outside the database: names could be guessed from plain digests.
    body_digest = models.BinaryField(max_length=32)
    idempotency_digest = models.BinaryField(max_length=32, null=True, blank=True)
    arrived_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "arrived_at"], name="arrival_by_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "idempotency_digest"],
                condition=Q(idempotency_digest__isnull=False),
                name="idempotency_key_makes_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"arrival of {self.case_id}"


class Picture(models.Model):
    """A picture that a report links to, fetched later by the worker."""

    class Problem(models.TextChoices):
        FORBIDDEN = "forbidden"
        UNREACHABLE = "unreachable"
        REFUSED = "refused"

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="pictures")
    # Cleared once the picture is fetched, or given up.
    url = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=12, choices=Problem, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="picture_waiting"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="picture_waits_exactly_while_its_address_is_kept",
                condition=Q(next_at=None, url="") | (Q(next_at__isnull=False) & ~Q(url="")),
            )
        ]

    def __str__(self) -> str:
        return f"picture of {self.arrival_id}"
