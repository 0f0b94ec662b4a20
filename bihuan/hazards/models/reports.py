"""The signed reports of major hazards by quarter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from bihuan.orgs.models import Post, Unit

MAJORS = "majors"


class MajorsReport(models.Model):
    """The report of a quarter, signed: figures as they were then; corrected by a new edition."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()
    found_count = models.PositiveIntegerField()
    closed_count = models.PositiveIntegerField()
    open_count = models.PositiveIntegerField()
    overdue_count = models.PositiveIntegerField()
    listed_count = models.PositiveIntegerField()
    stopped_count = models.PositiveIntegerField()
    # Funds of the plans of those that are open, in yuan.
    funds = models.DecimalField(max_digits=16, decimal_places=2)
    remark = models.TextField(blank=True)
    # Why an earlier edition is corrected.
    reason = models.CharField(max_length=300, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "quarter", "edition"], name="majors_report_edition_once"
            ),
            models.CheckConstraint(
                name="quarter_is_one_of_four", condition=Q(quarter__gte=1, quarter__lte=4)
            ),
            models.CheckConstraint(
                name="later_edition_always_says_why",
                condition=Q(edition=1, reason="") | (Q(edition__gt=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} Q{self.quarter} / {self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:majors-report", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of its chain in the journal."""
        return f"{MAJORS}/{self.pk}"
