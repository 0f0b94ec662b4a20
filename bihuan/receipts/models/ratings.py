"""Ratings of answers, and the follow-up of “not solved”."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.clocks.models import Clock
from bihuan.orgs.models import Unit, User


class FollowUp(models.Model):
    """“Not solved” is work: an officer other than the handler follows up, on a clock."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="follow_ups")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="follow_up")
    said_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    handled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], condition=Q(done_at=None), name="unsolved_open")]
        constraints = [
            models.CheckConstraint(
                name="unsolved_is_done_by_somebody_with_an_answer",
                condition=Q(done_at=None, done_by=None)
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="whoever_handled_it_never_looks_into_it",
                condition=Q(done_by=None) | Q(handled_by=None) | ~Q(done_by=F("handled_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"not solved: {self.case_id}"


class Rating(models.Model):
    """Whether an answer solved the problem, according to the reporter; it has no consequences for
    them.

    Each later rating of the same answer is a separate row, and the last one counts.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="ratings")
    # The answer that was rated: the stage of the case, and its round.
    stage = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=0)
    solved = models.BooleanField()
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)
    # PET-19: the officer who handled it first is rated.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    rated_at = models.DateTimeField()
    # For “not solved”: the follow-up that this created, or that already existed.
    item = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    # A form that is sent twice creates one rating.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "rated_at"], name="rating_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="not_solved_always_has_its_item",
                condition=Q(solved=True, item=None) | Q(solved=False, item__isnull=False),
            ),
            models.CheckConstraint(
                name="stars_are_one_to_five", condition=Q(stars=None) | Q(stars__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return f"rating of {self.case_id}"
