"""The shared loop: the case, its clocks, evidence, hands, hand-overs and requests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.files.models import StoredFile
from bihuan.orgs.models import Post, Unit, User


class CaseQuerySet(models.QuerySet["Case"]):
    def in_scope(self, units: Collection[int] | None, user: User) -> CaseQuerySet:
        """Owned, found or assisted by these units (None: all), or reported by this officer."""
        if units is None:
            return self
        assisted = Assist.objects.filter(unit__in=units, ended_at=None).values_list("case_id")
        return self.filter(
            Q(owner__in=units)
            | Q(origin__in=units)
            | Q(reported_by=user)
            | Q(pk__in=[pk for (pk,) in assisted])
        )

    def open(self) -> CaseQuerySet:
        return self.filter(ended_at=None)

    def overdue(self, now: datetime) -> CaseQuerySet:
        return self.open().filter(due_at__lt=now)

    def with_facts(self) -> CaseQuerySet:
        """Annotated with what the rules ask of the rows around a case, in the same query."""
        here = OuterRef("pk")
        contest = Contest.objects.filter(case=here, upheld=None)
        extension = Extension.objects.filter(case=here, granted=None)
        after = Evidence.objects.filter(
            case=here, phase=Evidence.Phase.AFTER, added_at__gte=OuterRef("round_at")
        )
        facts: dict[str, Exists | Subquery] = {
            "has_open_children": Exists(Case.objects.filter(parent=here, ended_at=None)),
            "has_after_evidence": Exists(after),
            "has_open_controls": Exists(
                Clock.objects.filter(case=here, rule_id="LOC-7", stopped_at=None)
            ),
            "contested_by": Subquery(contest.values("raised_by")[:1]),
            "contest_from": Subquery(contest.values("from_unit__path")[:1]),
            "contest_to": Subquery(contest.values("to_unit__path")[:1]),
            "extension_asked_by": Subquery(extension.values("asked_by")[:1]),
        }
        return self.annotate(**facts)


class Case(models.Model):
    """One problem on its way to closure, of whatever kind."""

    class Kind(models.TextChoices):
        HAZARD = "hazard", _("Hazard")

    class Grade(models.TextChoices):
        GENERAL = "general", pgettext_lazy("hazard grade", "General")
        MAJOR = "major", pgettext_lazy("hazard grade", "Major")

    class Channel(models.TextChoices):
        DESK = "desk", _("Entered by an officer")
        IMPORT = "import", _("Imported from a ledger")
        INSPECTION = "inspection", _("Found in an inspection")

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    stage = models.CharField(max_length=12)
    grade = models.CharField(max_length=8, choices=Grade, blank=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=200)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # The square of about a kilometre around the place, see `bihuan.core.places`.
    cell = models.BigIntegerField(null=True, blank=True)

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", db_index=False)
    origin = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases_found", db_index=False
    )
    sender = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lister = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    verified_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Officers as an imported ledger names them; they need no account here.
    resolver_name = models.CharField(max_length=60, blank=True)
    verifier_name = models.CharField(max_length=60, blank=True)

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
    )
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        db_index=False,
    )
    channel = models.CharField(max_length=12, choices=Channel)
    reported_at = models.DateTimeField()
    # The start of the present round: the report, or the last reopening.
    round_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Since when a stop-work order is in force.
    stopped_at = models.DateTimeField(null=True, blank=True)
    rebounds = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # One form sent twice makes one case.
    form_key = models.UUIDField(null=True, blank=True)
    # What the ledger or registry that it came from calls it.
    source_ref = models.CharField(max_length=64, blank=True)
    # Which ledger row this is, and its content when it was last read.
    source_key = models.CharField(max_length=64, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()

    # Only on cases that were asked for `with_facts()`.
    has_open_children: bool
    has_after_evidence: bool
    has_open_controls: bool
    contested_by: int | None
    contest_from: str | None
    contest_to: str | None
    extension_asked_by: int | None

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(ended_at=None), name="case_open_by_due"
            ),
            models.Index(fields=["due_at", "id"], name="case_by_due"),
            models.Index(fields=["reported_at", "id"], name="case_by_report"),
            models.Index(fields=["owner", "reported_at", "id"], name="case_by_owner"),
            models.Index(fields=["origin", "reported_at", "id"], name="case_by_origin"),
            models.Index(fields=["cell"], condition=Q(cell__isnull=False), name="case_by_cell"),
            models.Index(
                fields=["reported_by"],
                condition=Q(reported_by__isnull=False),
                name="case_by_reporting_officer",
            ),
            models.Index(
                fields=["post"],
                condition=Q(post__isnull=False, ended_at=None),
                name="case_open_by_post",
            ),
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="case_by_parent"
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="case_by_original",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form_key"], condition=Q(form_key__isnull=False), name="form_taken_once"
            ),
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="ledger_row_once"
            ),
            models.CheckConstraint(
                name="nobody_verifies_their_own_fix",
                condition=Q(resolved_by=None)
                | Q(verified_by=None)
                | ~Q(verified_by=F("resolved_by")),
            ),
            models.CheckConstraint(
                name="nobody_closes_their_own_fix",
                condition=Q(resolved_by=None) | Q(closed_by=None) | ~Q(closed_by=F("resolved_by")),
            ),
            models.CheckConstraint(
                name="no_unit_verifies_its_own_fix",
                condition=Q(resolved_unit=None)
                | Q(verified_unit=None)
                | ~Q(verified_unit=F("resolved_unit")),
            ),
            models.CheckConstraint(
                name="no_named_resolver_verifies",
                condition=Q(resolver_name="") | ~Q(verifier_name=F("resolver_name")),
            ),
            models.CheckConstraint(
                name="closed_is_always_verified",
                condition=~Q(stage__in=["closed", "rechecked"])
                | Q(verified_by__isnull=False, closed_by__isnull=False)
                | Q(channel="import"),
            ),
            models.CheckConstraint(
                name="ended_exactly_when_the_stage_says_so",
                condition=Q(stage__in=["closed", "rechecked", "rejected"], ended_at__isnull=False)
                | (~Q(stage__in=["closed", "rechecked", "rejected"]) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="case_never_ends_before_it_was_reported",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("reported_at")),
            ),
            models.CheckConstraint(
                name="place_has_both_coordinates_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.number])

    @property
    def subject(self) -> str:
        """The name of this case's chain in the journal."""
        return f"case/{self.number}"

    @property
    def imported(self) -> bool:
        return self.channel == self.Channel.IMPORT


class Numbering(models.Model):
    """The last number given out in a series such as "YH-2026"."""

    series = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:06d}"


class Hand(models.Model):
    """A person's side in a case: whoever worked on the fix may never check it, nor the reverse."""

    class Side(models.TextChoices):
        FIX = "fix", _("Worked on the fix")
        CHECK = "check", _("Checked the fix")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hands", db_index=False)
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=5, choices=Side)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], name="one_side_for_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.side}"


class Clock(models.Model):
    """A deadline that runs on a case, pinned to the rule version in force when it started."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    rule_id = models.CharField(max_length=16)
    rule_version = models.CharField(max_length=16)
    calendar_version = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default="running")
    # What happened to the clock, in order: see `bihuan.core.clocks`.
    events = models.JSONField(default=list)
    # When time alone next causes something; empty once the clock has stopped.
    next_at = models.DateTimeField(null=True, blank=True)
    # Up to when everything that time causes on this clock has been done.
    seen_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="clock_next"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="clock_stopped_exactly_when_it_has_an_outcome",
                condition=Q(outcome="running", stopped_at=None)
                | (~Q(outcome="running") & Q(stopped_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="stopped_clock_never_causes_anything",
                condition=Q(stopped_at=None) | Q(next_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.due_at:%Y-%m-%d %H:%M}"


class Evidence(models.Model):
    """A photo or document on a case."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before the fix")
        AFTER = "after", _("After the fix")
        DOCUMENT = "document", _("Document")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=8, choices=Phase)
    caption = models.CharField(max_length=200, blank=True)
    # The same or nearly the same picture, found on another case: flagged to the verifier.
    reused_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "file", "phase"], name="file_once_in_a_phase_of_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.file_id}"


class Extension(models.Model):
    """A request for more time, decided one level up by somebody else."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="extensions")
    until_date = models.DateField()
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(granted=None), name="one_extension_asked_at_a_time"
            ),
            models.CheckConstraint(
                name="nobody_grants_their_own_extension",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="extension_decided_by_somebody",
                condition=Q(granted=None, decided_by=None)
                | Q(granted__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.until_date}"


class Contest(models.Model):
    """A transfer that the receiving unit refuses; a common superior decides."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contests")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    raised_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(upheld=None), name="one_contest_at_a_time"
            ),
            models.CheckConstraint(
                name="nobody_decides_their_own_contest",
                condition=Q(decided_by=None) | ~Q(decided_by=F("raised_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_unit_id} → {self.to_unit_id}"


class Assist(models.Model):
    """A unit that helps the owner of a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assists")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    task = models.TextField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(ended_at=None),
                name="unit_assists_a_case_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} assists {self.case_id}"


class SavedView(models.Model):
    """A named set of ledger filters that one officer keeps."""

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="view_name_once_for_a_member")
        ]

    def __str__(self) -> str:
        return self.name
