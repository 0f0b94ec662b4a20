"""Imports under way and done, and the mappings that offices keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.models import Unit, User


class SavedMapping(models.Model):
    """How an office's own file is to be read, kept for the next time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    mapping = models.JSONField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="mapping_name_once_in_a_unit")
        ]

    def __str__(self) -> str:
        return self.name


class ImportJob(models.Model):
    """One uploaded ledger on its way in: mapped, tried, run by the worker, and its result."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to be checked")
        TRYING = "trying", _("Trial run waits or runs")
        TRIED = "tried", _("Trial run done")
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be read")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    whole = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default="mapping")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    # The worker that runs it says so now and then; one that fell silent is relieved.
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    refused_path = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["trying", "waiting", "running"]),
                name="import_to_run",
            ),
        ]

    def __str__(self) -> str:
        return self.name
