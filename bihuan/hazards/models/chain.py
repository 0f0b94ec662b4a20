"""The chain of a major hazard: judged, planned, reported upward, listed, accepted, removed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.cases.models import Case
from bihuan.orgs.models import Post, Unit, User


class CriterionHint(models.Model):
    """The criterion that a failed item of a checklist names: a proposal, and no decision."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    criterion = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.criterion


class Judgement(models.Model):
    """A decision on the grade: by which criterion of which version of a list, with its text.

    Lists change; what was decided stays as it was decided.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="judgements")
    grade = models.CharField(max_length=8)
    # "CRI-1/13.2" of this version of the list; empty where another standard was named.
    criterion = models.CharField(max_length=40, blank=True)
    list_version = models.CharField(max_length=40, blank=True)
    standard = models.CharField(max_length=200)
    text_zh = models.CharField(max_length=600, blank=True)
    text_en = models.CharField(max_length=900, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="judged_criterion_always_has_its_version",
                condition=Q(criterion="", list_version="")
                | (~Q(criterion="") & ~Q(list_version="") & ~Q(text_zh="")),
            )
        ]

    def __str__(self) -> str:
        return self.criterion or self.standard


class RemedyPlan(models.Model):
    """The plan of rectification (治理方案, HAZ-5); a change is a new edition."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="remedy_plans")
    edition = models.PositiveSmallIntegerField()
    goals = models.TextField()
    methods = models.TextField()
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The posts and teams that do the work, in words without names.
    team = models.TextField()
    until_date = models.DateField()
    safety = models.TextField()
    contingency = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "edition"], name="remedy_plan_edition_once"),
            models.CheckConstraint(
                name="remedy_budget_is_never_negative", condition=Q(budget__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.edition} of {self.case_id}"


class UpwardReport(models.Model):
    """The report of a major hazard to the level above (HAZ-4); a supplement is another one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="upward_reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField()
    harm = models.TextField()
    plan = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"report of {self.case_id}"


class Listing(models.Model):
    """A supervision listing (挂牌督办): its notice, what was asked of it, and its end."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="listings")
    number = models.CharField(max_length=30, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    listed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    listed_at = models.DateTimeField()
    reason = models.TextField()
    until_date = models.DateField()
    # How often an answer is owed, in days.
    every_days = models.PositiveSmallIntegerField()
    acceptance_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    conditions = models.TextField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # A later deadline that was requested and is not decided.
    asked_date = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The application to be taken off the list, and the review of the site that follows it.
    removal_at = models.DateTimeField(null=True, blank=True)
    removal_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    site_findings = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="case_listed_once_at_a_time"
            ),
            models.CheckConstraint(
                name="listing_answers_always_have_a_rhythm", condition=Q(every_days__gte=1)
            ),
            models.CheckConstraint(
                name="removal_always_names_who_asked",
                condition=Q(removal_at=None, removal_by=None)
                | Q(removal_at__isnull=False, removal_by__isnull=False),
            ),
            models.CheckConstraint(
                name="site_always_reviewed_after_the_application",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | (
                    Q(removal_at__isnull=False, removal_by__isnull=False)
                    & Q(reviewed_at__gte=F("removal_at"), reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("removal_by"))
                ),
            ),
            models.CheckConstraint(
                name="later_deadline_always_names_who_asked",
                condition=Q(asked_date=None, asked_by=None)
                | Q(asked_date__isnull=False, asked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Acceptance(models.Model):
    """What a team found of the fix (验收): accepted or not, with the opinion of each."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="acceptances")
    number = models.CharField(max_length=30, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_passed = models.BooleanField()
    findings = models.TextField()
    accepted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class Opinion(models.Model):
    """The opinion of one post or organisation of the team; who disagrees stays on record."""

    acceptance = models.ForeignKey(Acceptance, on_delete=models.CASCADE, related_name="opinions")
    rank = models.PositiveSmallIntegerField()
    # A post or an organisation, never a person.
    member = models.CharField(max_length=120)
    agrees = models.BooleanField()
    opinion = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "rank"], name="opinion_given_once"),
            models.CheckConstraint(
                name="dissent_always_says_why", condition=Q(agrees=True) | ~Q(opinion="")
            ),
        ]

    def __str__(self) -> str:
        return self.member
