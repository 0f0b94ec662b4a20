"""Risks that are registered on sites, the controls against them, and the checks of these."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import formats
from bihuan.core import risk as core
from bihuan.core.deadlines import Due
from bihuan.files.models import Attachment
from bihuan.orgs.models import Post, User
from bihuan.sites.models import Site

SUBJECT = "risk"
CONTROL_SUBJECT = "riskcontrol"


class Colour(models.TextChoices):
    RED = "red", _("Red: major risk")
    ORANGE = "orange", _("Orange: considerable risk")
    YELLOW = "yellow", _("Yellow: general risk")
    BLUE = "blue", _("Blue: low risk")


class RiskQuerySet(models.QuerySet["RiskPoint"]):
    def in_force(self) -> RiskQuerySet:
        """Return the risks that were not retired, of sites that are open."""
        return self.filter(stage="in_force", site__closed_at=None)


class RiskPoint(models.Model):
    """Something that may happen at a site; its colour is computed by one version of the matrix."""

    class Stage(models.TextChoices):
        IN_FORCE = "in_force", pgettext_lazy("stage of a risk", "In force")
        RETIRED = "retired", pgettext_lazy("stage of a risk", "Retired")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="risks", db_index=False)
    title = models.CharField(max_length=120)
    # What can happen.
    harm = models.TextField()
    likelihood = models.PositiveSmallIntegerField()
    consequence = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=6, choices=Colour)
    # The version of the matrix that graded it, "5x5/1".
    matrix = models.CharField(max_length=20)
    stage = models.CharField(max_length=8, choices=Stage, default="in_force")
    retired_at = models.DateTimeField(null=True, blank=True)
    # A form that is sent twice creates one risk.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["colour"], name="risk_by_colour")]
        constraints = [
            models.UniqueConstraint(fields=["site", "title"], name="risk_once_at_a_site"),
            models.CheckConstraint(
                name="risk_always_has_levels_of_the_matrix",
                condition=Q(likelihood__range=(1, 5), consequence__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="risk_always_has_one_of_four_colours",
                condition=Q(colour__in=["red", "orange", "yellow", "blue"]),
            ),
            models.CheckConstraint(
                name="risk_retired_exactly_when_the_stage_says_so",
                condition=Q(stage="in_force", retired_at=None)
                | Q(stage="retired", retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("risks:risk", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"{SUBJECT}/{self.pk}"

    @property
    def is_in_force(self) -> bool:
        return self.stage == self.Stage.IN_FORCE

    @property
    def graded_by(self) -> core.Matrix:
        return core.matrix_of(self.matrix)


class Regrading(models.Model):
    """A lower grade that an officer proposes; it counts once a second officer has confirmed it."""

    risk = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="regradings")
    likelihood = models.PositiveSmallIntegerField()
    consequence = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=6, choices=Colour)
    matrix = models.CharField(max_length=20)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_granted = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["risk"], condition=Q(is_granted=None), name="one_open_regrading_of_a_risk"
            ),
            models.CheckConstraint(
                name="nobody_confirms_a_lower_grade_they_proposed",
                condition=Q(decided_by=None) | ~Q(is_granted=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="regrading_is_decided_by_somebody",
                condition=Q(is_granted=None, decided_by=None, decided_at=None)
                | Q(is_granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} {self.colour}"


class Control(models.Model):
    """A measure against a risk; a post checks at a set interval whether it works."""

    class Kind(models.TextChoices):
        ENGINEERING = "engineering", pgettext_lazy("control", "Engineering")
        MANAGEMENT = "management", pgettext_lazy("control", "Management")
        TRAINING = "training", pgettext_lazy("control", "Training")
        PROTECTION = "protection", pgettext_lazy("control", "Personal protection")
        EMERGENCY = "emergency", pgettext_lazy("control", "Emergency response")

    risk = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="controls")
    kind = models.CharField(max_length=11, choices=Kind)
    measure = models.CharField(max_length=400)
    # The post that checks it; null until one is named.
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    every_days = models.PositiveSmallIntegerField()
    last_checked_date = models.DateField(null=True, blank=True)
    next_due_date = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # A form that is sent twice creates one control.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["post", "next_due_date"],
                condition=Q(ended_at=None),
                name="control_due_of_post",
            ),
            models.Index(fields=["next_due_date"], condition=Q(ended_at=None), name="control_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="control_is_checked_at_least_every_two_years",
                condition=Q(every_days__range=(1, 730)),
            ),
            models.CheckConstraint(
                name="control_never_due_before_its_last_check",
                condition=Q(last_checked_date=None) | Q(next_due_date__gt=F("last_checked_date")),
            ),
        ]

    def __str__(self) -> str:
        return self.measure

    def get_absolute_url(self) -> str:
        return f"{reverse('risks:risk', args=[self.risk_id])}#control-{self.pk}"

    @property
    def subject(self) -> str:
        """The name of its chain in the journal, and of what its clock runs on."""
        return f"{CONTROL_SUBJECT}/{self.pk}"

    @property
    def due(self) -> Due:
        return Due(self.next_due_date)


class ControlCheck(models.Model):
    """The result of one check of a control. It is never changed."""

    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="checks")
    checked_date = models.DateField()
    is_effective = models.BooleanField()
    note = models.TextField(blank=True)
    # The post from which it was checked: the one named then, or one in charge of the site.
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    photos = models.ManyToManyField(Attachment, related_name="+")
    recorded_at = models.DateTimeField()
    # A form that is sent twice records one check.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="failed_check_always_says_why", condition=Q(is_effective=True) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control_id} {formats.day(self.checked_date)}"
