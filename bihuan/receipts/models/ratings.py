"""Ratings of answers, and the follow-up of “not solved”."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.clocks.models import Clock
from bihuan.orgs.models import Unit, User


class FollowUp(models.Model):
    """“Not solved” is work: somebody other than the handler looks into it, on a clock."""

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
    """Whether an answer solved it, as the person said; it changes nothing for the person.

    Whatever is said of the same answer later is a row of its own, and the last one counts.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="ratings")
    # The answer that was rated: the stage of the case, and which round of it.
    stage = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=0)
    solved = models.BooleanField()
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)
    # PET-19: who handled it first is rated.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    rated_at = models.DateTimeField()
    # Where it says “not solved”: the work that this opened, or found open.
    item = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    # One form sent twice says it once.
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
