"""Plans: which sites are inspected how often, and by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan.checklists.models import Checklist
from bihuan.core.recurrence import Every, Recurrence
from bihuan.orgs.models import Post, Unit

PLAN = "plan"


class Kind(models.TextChoices):
    """Kinds of inspections, as `inspections` calls them."""

    ORDINARY = "ordinary", pgettext_lazy("kind of inspection", "Ordinary inspection")
    JOINT = "joint", pgettext_lazy("kind of inspection", "Joint inspection")
    UNANNOUNCED = "unannounced", pgettext_lazy("kind of inspection", "Unannounced inspection")
    SELF_CHECK = "self_check", pgettext_lazy("kind of inspection", "Self-check")
    LOOK_BACK = "look_back", pgettext_lazy("kind of inspection", "Look back")


RECURRING = (Kind.ORDINARY, Kind.JOINT, Kind.UNANNOUNCED, Kind.SELF_CHECK)


class Plan(models.Model):
    """Which sites are inspected how often, with which checklist, and by which posts."""

    class Recurs(models.TextChoices):
        ONCE = Every.ONCE.value, pgettext_lazy("a plan", "Once")
        WEEK = Every.WEEK.value, pgettext_lazy("a plan", "Every week")
        MONTH = Every.MONTH.value, pgettext_lazy("a plan", "Every month")
        QUARTER = Every.QUARTER.value, pgettext_lazy("a plan", "Every quarter")
        HALF_YEAR = Every.HALF_YEAR.value, pgettext_lazy("a plan", "Every half-year")
        YEAR = Every.YEAR.value, pgettext_lazy("a plan", "Every year")
        TERM = Every.TERM.value, pgettext_lazy("a plan", "Every school term")
        LONG_HOLIDAY = (
            Every.LONG_HOLIDAY.value,
            pgettext_lazy("a plan", "Before each holiday of five days or more"),
        )
        ANY_HOLIDAY = (
            Every.ANY_HOLIDAY.value,
            pgettext_lazy("a plan", "Before each holiday of three days or more"),
        )

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=11, choices=Kind)
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Keys of kinds of sites, and colours of the worst risk; empty for all.
    site_kinds = models.JSONField(default=list, blank=True)
    colours = models.JSONField(default=list, blank=True)
    # A trade whose regulator is the unit of the plan; empty for the sites of the area.
    trade = models.CharField(max_length=16, blank=True)
    every = models.CharField(max_length=12, choices=Recurs)
    # As RFC 5545 writes it; empty where the holidays decide.
    rule = models.CharField(max_length=120, blank=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    days = models.PositiveSmallIntegerField()
    working_days_only = models.BooleanField(default=False)
    # Rounds of all windows that begin by this day have been made.
    made_until_date = models.DateField(null=True, blank=True)
    # When the next window may begin; none once the plan has ended.
    next_date = models.DateField(null=True, blank=True)
    # The newest site when sites that appeared were last looked for.
    last_site = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    # A form that is sent twice keeps one plan.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="plan_by_unit"),
            models.Index(
                fields=["next_date", "id"], condition=Q(next_date__isnull=False), name="plan_next"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="plan_never_ends_before_it_starts",
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="plan_gives_at_least_one_day", condition=Q(days__range=(1, 366))
            ),
            models.CheckConstraint(
                name="plan_stopped_exactly_with_a_reason",
                condition=Q(stopped_at=None, reason="")
                | (Q(stopped_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="stopped_plan_never_makes_a_round",
                condition=Q(stopped_at=None) | Q(next_date=None),
            ),
            models.CheckConstraint(
                name="plan_never_looks_back",
                condition=Q(kind__in=[each.value for each in RECURRING]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"{PLAN}/{self.pk}"

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(
            Every(self.every), self.start_date, self.days, self.end_date, self.working_days_only
        )


class PlanArea(models.Model):
    """A unit below that of the plan to whose sites the plan is limited."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="areas")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "unit"], name="area_once_in_a_plan")]

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.plan_id}"


class PlanPost(models.Model):
    """A post that inspects for the plan: all of a joint one, else the nearest to each site."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "post"], name="post_once_in_a_plan")]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.plan_id}"
