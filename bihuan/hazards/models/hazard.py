"""What a hazard has beyond the shared loop: measures, controls and supervision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.orgs.models import Post, Unit, User

SERIES = "YH"


class Hazard(models.Model):
    """The hazard's own part of a case (same primary key)."""

    class Grade(models.TextChoices):
        GENERAL = "general", pgettext_lazy("hazard grade", "General")
        MAJOR = "major", pgettext_lazy("hazard grade", "Major")

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="hazard"
    )
    grade = models.CharField(max_length=8, choices=Grade, blank=True)
    found_date = models.DateField()
    finder_name = models.CharField(max_length=60, blank=True)
    # The named standard by which a hazard was judged major (HAZ-1).
    standard = models.CharField(max_length=200, blank=True)
    measures = models.TextField(blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    deadline_date = models.DateField(null=True, blank=True)
    # Some registries give the time as well; without one the whole day counts.
    deadline_time = models.TimeField(null=True, blank=True)
    contingency = models.TextField(blank=True)
    progress = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    verified_date = models.DateField(null=True, blank=True)
    # The level that listed it for supervision.
    listed_by = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    listed_at = models.DateTimeField(null=True, blank=True)
    # Since when a stop-work order is in force.
    stopped_at = models.DateTimeField(null=True, blank=True)
    # The number of recurrences after a closure.
    rebounds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            # Few are: it helps the ledger find them, and retention exclude them.
            models.Index(fields=["case"], condition=Q(grade="major"), name="hazard_major"),
        ]
        constraints = [
            models.CheckConstraint(
                name="budget_is_never_negative", condition=Q(budget=None) | Q(budget__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"hazard of {self.case_id}"


class Control(models.Model):
    """An interim control (临时管控措施) until the fix, with an owner and an expiry."""

    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="controls")
    what = models.TextField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    expiry_date = models.DateField()
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="control")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="control_never_ends_before_it_starts",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("added_at")),
            )
        ]

    def __str__(self) -> str:
        return self.what[:60]
