"""What a grievance and a suggestion have beyond the shared loop."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.models import Message


class Category(models.Model):
    """A node of the subject tree, which an office edits; nodes in use are retired, not removed."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    # The kind of case that a report under it becomes, and whether the portal offers it.
    kind = models.CharField(max_length=12, default="grievance")
    is_offered = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="category_is_never_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        return str(kinds.label(self.kind))

    @property
    def subject(self) -> str:
        """The name of this category in the journal."""
        return f"category/{self.code}"


class Grievance(models.Model):
    """The grievance's own part of a case (same primary key)."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="grievance"
    )
    # The procedure in force when it was received (`bihuan.core.procedure`), until it ends.
    procedure = models.CharField(max_length=16)
    # Its pathway in the procedure; empty until it is classified.
    way = models.CharField(max_length=24, blank=True)
    is_simple = models.BooleanField(default=False)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The lead officer (包案领导).
    lead = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    # Whether the reporter wants answers on paper, which rules out quick channels (PET-16).
    wants_paper = models.BooleanField(default=False)
    # A review was requested after its window; flagged, never refused for that (CAL-4).
    asked_late = models.BooleanField(default=False)
    # Since when a hearing is in progress.
    hearing_began_at = models.DateTimeField(null=True, blank=True)

    # Only on records that were loaded by `queries.record_of`.
    receiver: str | None
    has_objection: bool
    has_opinions: bool
    was_reviewed: bool
    was_rereviewed: bool
    is_unserved: bool | None
    drafter: int | None
    due_rule: str | None

    def __str__(self) -> str:
        return f"grievance of {self.case_id}"


class Handover(models.Model):
    """A transfer to the competent unit; the first receiver stays owner until it is taken over."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    objection = models.TextField(blank=True)
    objected_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    objected_at = models.DateTimeField(null=True, blank=True)
    # PET-7: whether the dispute was in time; a late one is recorded as such.
    objected_late = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="one_handover_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_unit_id} → {self.to_unit_id}"


class Opinion(models.Model):
    """A written opinion (PET-25): the answer, the review or the re-review, drafted and issued."""

    class Round(models.TextChoices):
        ANSWER = "answer", _("Answer")
        REVIEW = "review", _("Review")
        REREVIEW = "rereview", _("Re-review")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    round = models.CharField(max_length=8, choices=Round)
    request = models.TextField()
    facts = models.TextField()
    reasons = models.TextField()
    decision = models.CharField(max_length=12)
    # For a review: whether the previous opinion is upheld.
    outcome = models.CharField(max_length=8, blank=True)
    basis = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    letter = models.OneToOneField(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="opinion"
    )
    # Its service on paper, if that was recorded before the reporter read the letter.
    served_at = models.DateTimeField(null=True, blank=True)
    served_way = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="one_opinion_for_each_round"),
            models.CheckConstraint(
                name="nobody_issues_their_own_draft",
                condition=Q(issued_by=None) | ~Q(issued_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="issued_opinion_always_has_its_parts",
                condition=Q(issued_at=None)
                | (
                    Q(issued_by__isnull=False, letter__isnull=False)
                    & ~Q(request="")
                    & ~Q(facts="")
                    & ~Q(reasons="")
                    & ~Q(decision="")
                ),
            ),
            models.CheckConstraint(
                name="opinion_never_served_before_its_issue",
                condition=Q(served_at=None, served_way="")
                | (
                    Q(issued_at__isnull=False, served_at__isnull=False)
                    & Q(served_at__gte=F("issued_at"))
                    & ~Q(served_way="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} of {self.case_id}"

    @property
    def received_at(self) -> datetime | None:
        """Return from when its remedies count: served on paper or read with the code, whichever
        is known first.
        """
        return self.served_at or (self.letter.seen_at if self.letter else None)


class Suggestion(models.Model):
    """The suggestion's own part of a case (same primary key)."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="suggestion"
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Whether the reporter agrees that it is published with the answer.
    may_publish = models.BooleanField(default=False)
    adopted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggestion_answered_with_reasons",
                condition=Q(adopted=None) | ~Q(answer=""),
            )
        ]

    def __str__(self) -> str:
        return f"suggestion of {self.case_id}"
