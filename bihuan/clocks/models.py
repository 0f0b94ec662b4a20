"""A deadline that runs on a subject of any type."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan import formats
from bihuan.core.deadlines import Due
from bihuan.orgs.models import Unit


class Clock(models.Model):
    """A deadline, pinned to the rule version in force when it started."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        MET = "met", _("Met")
        LATE = "late", _("Met late")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    # The name of the subject's chain in the journal, such as "case/YH-2026-000001".
    subject = models.CharField(max_length=60)
    # The unit responsible for the subject now or, for a stopped clock, when it stopped.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule_id = models.CharField(max_length=16)
    rule_version = models.CharField(max_length=16)
    # The calendar that it was calculated with; empty if it depends on no holidays.
    calendar_version = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # It reaches into a year whose holidays were not loaded, and is recalculated once they are.
    is_provisional = models.BooleanField(default=False, db_default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default="running")
    # What happened to the clock, in order: see `bihuan.core.clocks`.
    events = models.JSONField(default=list)
    # When time alone next causes an event; null once the clock has stopped.
    next_at = models.DateTimeField(null=True, blank=True)
    # Up to when the events of this clock have been processed.
    seen_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    # While it runs, no other clock with this flag runs on its subject.
    is_only = models.BooleanField(default=False, db_default=False)
    # The key under which the journal knows a clock that was stored in another table before.
    journal_key = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="clock_by_subject"),
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="clock_next"
            ),
            models.Index(
                fields=["rule_id", "due_at"], condition=Q(stopped_at=None), name="clock_running"
            ),
            models.Index(fields=["id"], condition=Q(is_provisional=True), name="clock_provisional"),
        ]
        constraints = [
            models.CheckConstraint(
                name="clock_stopped_exactly_when_it_has_an_outcome",
                condition=Q(outcome="running", stopped_at=None)
                | (~Q(outcome="running") & Q(stopped_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="stopped_clock_never_causes_anything",
                condition=Q(stopped_at=None) | Q(next_at=None),
            ),
            models.CheckConstraint(
                name="provisional_clock_names_its_holidays",
                condition=Q(is_provisional=False) | ~Q(calendar_version=""),
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(is_only=True, stopped_at=None),
                name="one_clock_runs_where_only_one_may",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {formats.stamp(self.due_at)}"

    @property
    def due(self) -> Due:
        """The end as every page and document shows it."""
        return Due(self.due_at, self.is_provisional)
