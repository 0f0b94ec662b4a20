"""Checklists and their versions. A version that is or was in use never changes.

No field has room for a person: an item asks whether a rule is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan import languages
from bihuan.core import checklist_json
from bihuan.core.checklist import Content
from bihuan.orgs.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

SUBJECT = "checklist"


class Checklist(models.Model):
    """A list that a unit keeps, and offers to itself and the units below."""

    class Origin(models.TextChoices):
        MADE = "made", pgettext_lazy("origin of a checklist", "Made here")
        LOADED = "loaded", pgettext_lazy("origin of a checklist", "Supplied with the system")
        IMPORTED = "imported", pgettext_lazy("origin of a checklist", "Imported")
        COPIED = "copied", pgettext_lazy("origin of a checklist", "Copied from another list")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True)
    # Keys of kinds of sites; empty if it is for every kind.
    site_kinds = models.JSONField(default=list, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default="made")
    # The key of the supplied set that it was loaded from.
    set_key = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    # A form that is sent twice creates one list.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"],
                condition=Q(retired_at=None),
                name="checklist_title_once_in_a_unit",
            ),
            models.UniqueConstraint(
                fields=["unit", "set_key"],
                condition=~Q(set_key=""),
                name="supplied_checklist_once_in_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return languages.name(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("checklists:checklist", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"{SUBJECT}/{self.pk}"

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class Version(models.Model):
    """One version of a list: a draft, the one in use, or one that was replaced."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("version of a checklist", "Draft")
        IN_USE = "in_use", pgettext_lazy("version of a checklist", "In use")
        REPLACED = "replaced", pgettext_lazy("version of a checklist", "Replaced")

    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    # The canonical JSON of `core.checklist_json`.
    content = models.TextField()
    # What a draft said before its last change, so that the change can be undone.
    previous = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default="draft")
    # The edition of the supplied set that it has, if it has one.
    edition = models.CharField(max_length=20, blank=True)
    # Counts the changes of a draft, so that a page opened earlier is recognised.
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    put_to_use_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "number"], name="version_number_once_in_a_checklist"
            ),
            models.UniqueConstraint(
                fields=["checklist"], condition=Q(state="draft"), name="checklist_has_one_draft"
            ),
            models.UniqueConstraint(
                fields=["checklist"],
                condition=Q(state="in_use"),
                name="checklist_has_one_version_in_use",
            ),
            models.CheckConstraint(
                name="version_was_put_to_use_exactly_when_no_draft",
                condition=Q(state="draft", put_to_use_at=None)
                | (~Q(state="draft") & Q(put_to_use_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("checklists:version", args=[self.checklist_id, self.number])

    def read(self) -> Content:
        """Return what this version says."""
        return checklist_json.load(self.content)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def was_in_use(self, at: datetime) -> bool:
        """Whether it had been put to use by then."""
        return self.put_to_use_at is not None and self.put_to_use_at <= at
