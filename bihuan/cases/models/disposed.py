"""What remains of a disposed case: that it existed, and nothing of its content."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import pgettext_lazy

from bihuan.orgs.models import Unit


class Disposed(models.Model):
    """A case that was disposed of: its number and dates, and its list."""

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # Its retention class, and the retention list.
    retention = models.CharField(max_length=40)
    retention_list = models.CharField(max_length=81)
    # It was confidential, or had exclusions: its number is shown to no one.
    is_restricted = models.BooleanField()
    # The journal's name of the disposal list ("disposal/7").
    under = models.CharField(max_length=40)
    disposed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["under", "id"], name="disposed_by_list")]
        constraints = [
            models.CheckConstraint(
                name="case_is_never_disposed_of_before_it_ended",
                condition=Q(disposed_at__gt=F("ended_at"), ended_at__gte=F("reported_at")),
            )
        ]

    def __str__(self) -> str:
        return self.number


class GoneRow(models.Model):
    """The key of a ledger row that no file may import again; no text."""

    class Why(models.TextChoices):
        DISPOSED = "disposed", pgettext_lazy("row of a ledger", "Case disposed of")
        AMENDED = "amended", pgettext_lazy("row of a ledger", "Erased or corrected on request")

    key = models.CharField(max_length=64)
    why = models.CharField(max_length=8, choices=Why)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="gone_row_once"),
            models.CheckConstraint(
                name="gone_row_is_always_known_by_a_digest",
                condition=Exact(Length("key"), 32),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.key[:8]}"
