"""What is left of a case once its file was destroyed: that there was one, and nothing of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import pgettext_lazy

from bihuan.orgs.models import Unit


class Disposed(models.Model):
    """A case whose time was over: its number and dates, and under which list it went."""

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # The line of the retention list that it fell under, and which list that was.
    retention = models.CharField(max_length=40)
    retention_list = models.CharField(max_length=81)
    # It was confidential, or somebody was shut out of it: its number is shown to nobody.
    is_restricted = models.BooleanField()
    # What the journal calls the list by which it went ("disposal/7").
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
    """What a row of a ledger is known by that no file may bring in again; none of its words."""

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
