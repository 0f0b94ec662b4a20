"""One plan for many cases: each is its own act, and the batch is the report of all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from bihuan.orgs.models import User


class Batch(models.Model):
    """What an officer ordered for many cases at once."""

    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    # A form sent twice by the same officer is one batch.
    form_key = models.UUIDField()
    act = models.CharField(max_length=16)
    # The form as it was sent; emptied when the last case is dealt with.
    plan = models.TextField(blank=True)
    # Refusals are written in the language in which it was ordered.
    language = models.CharField(max_length=10)
    # The way back to the list from which the cases were chosen.
    back = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "form_key"], name="batch_ordered_once_by_a_form"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(ended_at=None), name="batch_to_run"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class BatchItem(models.Model):
    """One case of a batch, by number, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("case of a batch", "Waiting")
        DONE = "done", pgettext_lazy("case of a batch", "Done")
        REFUSED = "refused", pgettext_lazy("case of a batch", "Not done")
        UNDOING = "undoing", pgettext_lazy("case of a batch", "Undo ordered")
        UNDONE = "undone", pgettext_lazy("case of a batch", "Undone")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_index=False)
    number = models.CharField(max_length=32)
    # As the officer saw it: the version of the case, and the digests of the photos of the fix.
    version = models.PositiveIntegerField()
    seen = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default="waiting")
    # Why it was not done; of a case that was done, why the undo was refused.
    why = models.TextField(blank=True)
    # What was done, in words, and the number of its entry in the journal while it can be undone.
    said = models.TextField(blank=True, default="")
    seq = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="case_once_in_a_batch"),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(why="")
                | Q(state="done")
                | Q(state__in=["waiting", "undoing", "undone"], why=""),
                name="what_a_batch_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number
