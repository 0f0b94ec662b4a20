"""What is due in one window: inspections of sites, or looking back at closed cases."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan.checklists.models import Checklist
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import Post, Unit
from bihuan.plans import acts
from bihuan.plans.models.draws import Draw
from bihuan.plans.models.plans import Kind, Plan
from bihuan.sites.models import Site

ROUND, PLANNED, REVIEW = "round", "planned", "review"
# The inspection of a row has a key derived from the row, so that it is begun once.
_KEYS = UUID("6f0f4f6e-64a7-4d3c-9a5e-2b8d1d5c7a11")


class Round(models.Model):
    """What is due in one window, of a plan or from a draw."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=80)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds", db_index=False
    )
    draw = models.OneToOneField(
        Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="round"
    )
    kind = models.CharField(max_length=11, choices=Kind)
    # None when looking back.
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    start_date = models.DateField()
    complete_date = models.DateField()
    made_at = models.DateTimeField()
    # When what was not done by the last day was marked as missed.
    passed_at = models.DateTimeField(null=True, blank=True)
    # When nothing was left to do, or the next round of the plan began.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="round_by_unit"),
            models.Index(
                fields=["complete_date", "id"],
                condition=Q(passed_at=None, ended_at=None),
                name="round_running",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "start_date"], name="plan_makes_a_window_once"),
            models.CheckConstraint(
                name="round_never_complete_before_it_starts",
                condition=Q(complete_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="round_comes_from_a_plan_or_a_draw",
                condition=Q(plan__isnull=False, draw=None) | Q(plan=None, draw__isnull=False),
            ),
            models.CheckConstraint(
                name="round_has_a_checklist_unless_it_looks_back",
                condition=Q(kind="look_back", checklist=None)
                | (~Q(kind="look_back") & Q(checklist__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:round", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of its chain in the journal, and of what its clock runs on."""
        return f"{ROUND}/{self.pk}"

    def is_past(self, on: date) -> bool:
        return self.complete_date < on


class Planned(models.Model):
    """The inspection of one site that is due in a round."""

    class State(models.TextChoices):
        DUE = acts.State.DUE.value, pgettext_lazy("planned inspection", "Due")
        BEGUN = acts.State.BEGUN.value, pgettext_lazy("planned inspection", "Begun")
        DONE = acts.State.DONE.value, pgettext_lazy("planned inspection", "Done")
        MISSED = acts.State.MISSED.value, pgettext_lazy("planned inspection", "Missed")
        CALLED_OFF = acts.State.CALLED_OFF.value, pgettext_lazy("planned inspection", "Called off")

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="planned", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default="due")
    # When its window passed without a result; it stays, also if it is done later.
    missed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why it was called off.
    reason = models.CharField(max_length=200, blank=True)
    inspection = models.OneToOneField(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["site", "id"], name="planned_at_a_site"),
            models.Index(fields=["round", "state", "id"], name="planned_in_a_round"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "site"], name="site_once_in_a_round"),
            models.CheckConstraint(
                name="planned_ended_exactly_when_the_state_says_so",
                condition=Q(state__in=["done", "called_off"], ended_at__isnull=False)
                | Q(state__in=["due", "begun", "missed"], ended_at=None),
            ),
            models.CheckConstraint(
                name="planned_called_off_exactly_with_a_reason",
                condition=(Q(state="called_off") & ~Q(reason=""))
                | (~Q(state="called_off") & Q(reason="")),
            ),
            models.CheckConstraint(
                name="planned_missed_never_without_its_time",
                condition=(Q(state="missed", missed_at__isnull=False))
                | Q(state="due", missed_at=None)
                | Q(state__in=["begun", "done", "called_off"]),
            ),
            models.CheckConstraint(
                name="planned_begun_or_done_by_an_inspection",
                condition=Q(state__in=["due", "missed", "called_off"])
                | Q(inspection__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} in {self.round_id}"

    @property
    def subject(self) -> str:
        return f"{PLANNED}/{self.pk}"

    @property
    def key(self) -> UUID:
        """The key of its next inspection: begun twice, it is begun once; one after another was
        given up has another key.
        """
        return uuid5(_KEYS, f"{self.subject}/{self.inspection_id or 0}")


class PlannedPost(models.Model):
    """A post that is to inspect the site in the round."""

    planned = models.ForeignKey(Planned, on_delete=models.CASCADE, related_name="posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["planned", "post"], name="post_once_at_a_planned_site")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.planned_id}"


class Review(models.Model):
    """A closed case that a round looks back at: whether the fix holds."""

    class Verdict(models.TextChoices):
        DUE = acts.Verdict.DUE.value, pgettext_lazy("looking back", "Due")
        HOLDS = acts.Verdict.HOLDS.value, pgettext_lazy("looking back", "Holds")
        REBOUND = acts.Verdict.REBOUND.value, pgettext_lazy("looking back", "Rebound")
        CALLED_OFF = acts.Verdict.CALLED_OFF.value, pgettext_lazy("looking back", "Called off")

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="reviews", db_index=False
    )
    # The case may be disposed of before the round.
    case_number = models.CharField(max_length=24)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict, default="due")
    missed_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["round", "verdict", "id"], name="review_in_a_round")]
        constraints = [
            models.UniqueConstraint(fields=["round", "case_number"], name="case_once_in_a_round"),
            models.CheckConstraint(
                name="review_judged_exactly_with_its_time",
                condition=Q(verdict="due", judged_at=None)
                | (~Q(verdict="due") & Q(judged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="review_called_off_exactly_with_a_reason",
                condition=(Q(verdict="called_off") & ~Q(reason=""))
                | (~Q(verdict="called_off") & Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} in {self.round_id}"

    @property
    def subject(self) -> str:
        return f"{REVIEW}/{self.pk}"
