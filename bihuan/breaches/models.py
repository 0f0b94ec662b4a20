"""The register of data breaches: what was found, what was stated since, and the review.

Statements are never changed: a correction is another row. No column can hold the name of a person.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import formats
from bihuan.clocks.models import Clock
from bihuan.core import breach as core
from bihuan.orgs.models import Unit, User

# The prefix of a breach's chain in the journal.
BREACH_SUBJECT = "breach/"


class Breach(models.Model):
    """One breach and its state."""

    class Grade(models.TextChoices):
        UNKNOWN = "unknown", _("Not known yet (treated as serious)")
        LESSER = "lesser", _("Below serious (below 较大)")
        SERIOUS = "serious", _("Serious or above (较大 or above)")
        CRITICAL = "critical", _("Critical information infrastructure is affected")
        NONE = "none", _("Not a breach (false alarm, or recorded twice)")

    class Stage(models.TextChoices):
        FOUND = "found", pgettext_lazy("stage of a breach", "Found")
        CONTAINED = "contained", pgettext_lazy("stage of a breach", "Contained")
        REPORTED = "reported", pgettext_lazy("stage of a breach", "Reported")
        CLOSED = "closed", pgettext_lazy("stage of a breach", "Closed")

    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    grade = models.CharField(max_length=8, choices=Grade, default="unknown")
    stage = models.CharField(max_length=9, choices=Stage, default="found")
    # Who submitted it for review, and who reviewed and closed it.
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=~Q(stage="closed"), name="breach_open")]
        constraints = [
            models.CheckConstraint(
                name="breach_never_found_after_it_was_recorded",
                condition=Q(found_at__lte=F("recorded_at")),
            ),
            models.CheckConstraint(
                name="breach_closed_exactly_when_somebody_checked_it",
                condition=Q(
                    stage="closed",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    asked_by__isnull=False,
                )
                | (~Q(stage="closed") & Q(closed_at=None, closed_by=None)),
            ),
            models.CheckConstraint(
                name="nobody_checks_a_breach_they_handed_in",
                condition=Q(closed_by=None) | ~Q(closed_by=F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"{BREACH_SUBJECT}{self.number}"

    @property
    def clocks(self) -> models.QuerySet[Clock]:
        return Clock.objects.filter(subject=self.subject)

    @property
    def is_closed(self) -> bool:
        return self.stage == core.Stage.CLOSED


class Particulars(models.Model):
    """The details of a breach as stated at one time; the last row is current."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="particulars")
    found_at = models.DateTimeField()
    how_found = models.TextField()
    happened = models.TextField()
    # Values of `core.breach.Data`.
    kinds = models.JSONField(default=list)
    # The approximate number of people; null while unknown.
    people = models.PositiveIntegerField(null=True, blank=True)
    cause = models.TextField(blank=True)
    harm = models.TextField(blank=True)
    # What the people affected can do, and whom they can ask.
    advice = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    # Numbers of the cases concerned; shown only to readers who may see the case.
    cases = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    # A form that is sent twice creates one row.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    def __str__(self) -> str:
        return f"{self.breach_id} {formats.stamp(self.made_at)}"


class Step(models.Model):
    """Something that was done or decided about a breach, as an officer stated it."""

    class Act(models.TextChoices):
        CONTAIN = "contain", _("Remedied")
        GRADE = "grade", _("Grade set")
        TELL = "tell", _("Authority notified")
        TELL_PERSONS = "tell_persons", _("People affected notified")
        SPARE_PERSONS = "spare_persons", _("People affected not notified, with a reason")
        ADD = "add", _("Added")
        STRIKE = "strike", _("Entry voided")
        ASK_CHECK = "ask_check", _("Submitted for check")
        SEND_BACK = "send_back", _("Returned after check")
        CLOSE = "close", _("Checked and closed")
        REOPEN = "reopen", _("Reopened")

    class Authority(models.TextChoices):
        CYBERSPACE = "cyberspace", _("Provincial cyberspace administration (省级网信部门)")
        PROTECTION = "protection", _("Department that protects the infrastructure (保护工作部门)")
        POLICE = "police", _("Public security (公安机关)")
        DEPARTMENT = "department", _("Another department in charge (主管部门)")

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=16, choices=Act)
    # When it happened; when it was stated is stored separately, and may be later.
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    grade = models.CharField(max_length=8, choices=Breach.Grade, blank=True)
    authority = models.CharField(max_length=12, choices=Authority, blank=True)
    means = models.CharField(max_length=120, blank=True)
    receipt = models.CharField(max_length=120, blank=True)
    # The statement that this one marks as void.
    struck = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="struck_by"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    # A form that is sent twice creates one row.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="step_never_stated_before_it_happened", condition=Q(at__lte=F("made_at"))
            ),
            models.CheckConstraint(
                name="step_names_an_authority_exactly_when_one_was_told",
                condition=(Q(act="tell") & ~Q(authority=""))
                | (~Q(act="tell") & Q(authority="", receipt="")),
            ),
            models.CheckConstraint(
                name="step_strikes_another_exactly_when_it_says_so",
                condition=Q(act="strike", struck__isnull=False)
                | (~Q(act="strike") & Q(struck=None)),
            ),
            models.CheckConstraint(
                name="step_has_a_grade_exactly_when_it_grades",
                condition=(Q(act="grade") & ~Q(grade="")) | (~Q(act="grade") & Q(grade="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {formats.stamp(self.at)}"
