"""Imports and exports in progress and done, and saved mappings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.ledgers.said import here
from bihuan.orgs.models import Unit, User


class SavedMapping(models.Model):
    """How to read an office's own file, saved for the next time."""

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


class RememberedMapping(models.Model):
    """The choices made for the last file of a unit with these headers, used for its next one."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    # A digest of the type of ledger and its headers.
    header = models.CharField(max_length=32)
    mapping = models.JSONField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "header"], name="mapping_remembered_once_for_a_header"
            )
        ]

    def __str__(self) -> str:
        return self.header


class LongWork(models.Model):
    """Work for an officer that may outlast a request: the worker runs it and reports its
    progress.
    """

    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Workbooks are written in the language in which they were requested.
    language = models.CharField(max_length=10)
    # Its files are in a separate folder with a random name.
    folder = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    # The worker that runs it is identified by its start time, and sends a heartbeat.
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    # Why it failed, in each language of the pages; `problem` is from earlier releases.
    why = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def why_failed(self) -> str:
        """Return why it failed, in the reader's language."""
        return here(self.why) or self.problem


class ImportJob(LongWork):
    """An uploaded ledger being imported: mapped, tried, run by the worker, and its result."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to be checked")
        TRYING = "trying", _("Trial run in progress")
        TRIED = "tried", _("Trial run done")
        WAITING = "waiting", _("Import in progress")
        DONE = "done", pgettext_lazy("import", "Imported")
        FAILED = "failed", _("Import failed")

    TO_RUN = (State.TRYING, State.WAITING)

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    file = models.CharField(max_length=20)
    # The preview of the file's first rows, without anything that identifies the public.
    look = models.JSONField()
    mapping = models.JSONField()
    whole = models.BooleanField(default=False)
    # The answers about rows that may be existing cases, see `ledgers.given`.
    answers = models.JSONField(default=dict)
    # Whether an empty cell clears the value of a case; never saved for the next file.
    empty_clears = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default="mapping")
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="import_by_member"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["trying", "waiting"]),
                name="import_to_run",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name of this import in notices."""
        return f"import/{self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.TO_RUN

    @property
    def batch(self) -> str:
        """The identifier of its rows: random, like its folder."""
        return self.folder.rpartition("/")[2]

    @property
    def counts(self) -> list[int]:
        """Created, updated, unchanged, refused."""
        names = ("created", "updated", "unchanged", "refused")
        return [self.result[name] for name in names] if self.result else []

    @property
    def shown_counts(self) -> dict[str, int]:
        """What pages say of the rows: those that wait for an answer in a trial run are not
        refused.
        """
        created, updated, unchanged, refused = self.counts
        waiting = self.result.get("asked", 0) if self.state == self.State.TRIED else 0
        return {
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "refused": refused - waiting,
            "waiting": waiting,
        }


class ExportJob(LongWork):
    """A ledger too long to wait for, written by the worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Export in progress")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Export failed")

    TO_RUN = (State.WAITING,)

    # The filters, by their names in the ledger's URL.
    asked = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default="waiting")

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="waiting"), name="export_to_run"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name of this export in notices."""
        return f"export/{self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.TO_RUN
