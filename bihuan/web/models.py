"""State of the worker."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Run(models.Model):
    """One run of one job of the worker; two workers cannot both take the same turn."""

    class Outcome(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=60)
    turn_at = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.RUNNING.value)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "turn_at"], name="run_takes_a_turn_once"),
            models.CheckConstraint(
                name="run_never_ends_before_it_starts",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.turn_at.isoformat()}"


class TimeSeen(models.Model):
    """The last time accepted as plausible: updated by the worker, corrected by `bihuan
    accept-time`.
    """

    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="time_seen_is_one_row", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.seen_at.isoformat()
