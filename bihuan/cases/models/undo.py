"""What an act that can still be undone has changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.core import undoing
from bihuan.orgs.models import User


class UndoableAct(models.Model):
    """An act on a case that its officer may undo for ten minutes.

    It holds the old values of the rows that the act changed, and no others. The worker deletes it
    once the time is over.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # The number of its entry in the journal of the case.
    seq = models.PositiveIntegerField()
    move = models.CharField(max_length=40)
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    until_at = models.DateTimeField()
    # See `cases.actions.snapshots`.
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    # The number of the entry that records the undo.
    undo_seq = models.PositiveIntegerField(null=True, blank=True)

    # Only on acts that were loaded by `queries.undoable.acts`.
    is_followed: bool

    class Meta:
        indexes = [models.Index(fields=["until_at"], name="undoable_act_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="act_undoable_once"),
            models.CheckConstraint(
                name="act_never_undone_after_its_time",
                condition=Q(undone_at=None) | Q(undone_at__lte=F("until_at")),
            ),
            models.CheckConstraint(
                name="undone_act_always_names_its_entry",
                condition=Q(undone_at=None, undo_seq=None)
                | Q(undone_at__isnull=False, undo_seq__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.seq}"

    @property
    def made(self) -> undoing.MadeAct:
        """Return the act as input for the rules."""
        return undoing.MadeAct(
            self.seq, self.member_id, self.until_at, is_undone=self.undone_at is not None
        )
