"""Models around a case: numbers, participations, evidence, requests, saved views."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import StoredFile
from bihuan.orgs.models import Unit, User

# Whose code something came by or is for: the reporter, or a party ("party-2").
REPORTER = "reporter"


class Numbering(models.Model):
    """The last number assigned in a series such as "YH-2026"."""

    series = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:06d}"


class Participation(models.Model):
    """A person's side in a case: who worked on the fix may never verify it, nor the reverse."""

    class Side(models.TextChoices):
        FIX = "fix", _("Worked on the fix")
        CHECK = "check", _("Verified the fix")
        ANSWER = "answer", _("Worked on the answer")
        REVIEW = "review", _("Reviewed the answer")
        REREVIEW = "rereview", _("Reviewed the review")

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, related_name="participations", db_index=False
    )
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=8, choices=Side)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], name="one_side_for_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.side}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Which evidence a reader may see: lists and single URLs use the same query."""

    def on(self, case: int) -> EvidenceQuerySet:
        """For officers who may see the case: all of it."""
        return self.filter(case=case).select_related("file")

    def shown_to(self, case: int, slot: str) -> EvidenceQuerySet:
        """For the holder of a code of the case: pictures meant for them, no documents."""
        everybody = Q(shown_to=Evidence.Audience.CODES)
        giver = Q(shown_to=Evidence.Audience.GIVER, slot=slot)
        return self.on(case).filter(everybody | giver, file__kind=StoredFile.Kind.PHOTO)

    def of_fixes(self) -> EvidenceQuerySet:
        """Officers' photos of finished work: the only pictures that are compared."""
        phases = (Evidence.Phase.AFTER, Evidence.Phase.CHECK)
        return self.filter(phase__in=phases, added_by__isnull=False)

    def given_since(self, case: int, slot: str, moment: datetime) -> EvidenceQuerySet:
        """Evidence sent with one code of the case from then on."""
        return self.filter(case=case, slot=slot, added_at__gt=moment)


class Evidence(models.Model):
    """A photo or document of a case, and its audience."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before the fix")
        AFTER = "after", _("After the fix")
        # Taken by the verifier: it shows the verification, and never counts as the fix.
        CHECK = "check", _("From the verification")
        DOCUMENT = "document", _("Document")

    class Audience(models.TextChoices):
        """Who may see it, in addition to the officers who may see the case."""

        OFFICE = "office", _("For the office only")
        GIVER = "giver", _("For the office, from a tracking code holder")
        CODES = "codes", _("Visible to everyone with a tracking code")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=8, choices=Phase)
    caption = models.CharField(max_length=200, blank=True)
    # The same or nearly the same picture, with which an officer showed another fix before.
    reused_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Null if it came from the public.
    added_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()
    # The code with which it came; empty if an officer added it.
    slot = models.CharField(max_length=12, blank=True, default="", db_default="")
    shown_to = models.CharField(
        max_length=6, choices=Audience, default=Audience.OFFICE.value, db_default="office"
    )

    # How many quarters to the right it is turned when it is shown; the file stays as it is.
    turns = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="photo_never_turned_more_than_three_quarters", condition=Q(turns__lte=3)
            ),
            models.UniqueConstraint(
                fields=["case", "file", "phase"], name="file_once_in_a_phase_of_a_case"
            ),
            models.CheckConstraint(
                name="evidence_always_comes_from_an_officer_or_under_a_code",
                condition=Q(added_by__isnull=False, slot="") | Q(added_by=None) & ~Q(slot=""),
            ),
            models.CheckConstraint(
                # Comparing photos of the public would reveal that two reports come from one person.
                name="only_after_photos_of_officers_are_ever_compared",
                condition=Q(reused_from=None)
                | Q(phase__in=["after", "check"], added_by__isnull=False),
            ),
            models.CheckConstraint(
                name="only_an_officer_ever_brings_evidence_of_a_check",
                condition=~Q(phase="check") | Q(added_by__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_always_says_for_whom_it_is",
                condition=Q(slot="", shown_to__in=["office", "codes"])
                | ~Q(slot="") & Q(shown_to__in=["giver", "codes"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.file_id}"


class Extension(models.Model):
    """A request for more time, decided one level up by another officer."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="extensions")
    # The clock, if it is not the one of the work itself.
    rule_id = models.CharField(max_length=16, blank=True, default="", db_default="")
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
    """A transfer that the receiving unit disputes; a common superior decides."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="contests")
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
    """A unit that assists the owner of a case."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="assists")
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


class LedgerNote(models.Model):
    """What an office's register says of a case in addition to the common fields."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="ledger_note"
    )
    progress = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    deadline_date = models.DateField(null=True, blank=True)
    deadline_time = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_gives_an_hour_only_with_its_day",
                condition=Q(deadline_time=None) | Q(deadline_date__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"note on {self.case_id}"


class EndedByLedger(models.Model):
    """A case that its office's own ledger ended, though no one had worked on it here."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    # The import: a random value, the same for each of its rows.
    batch = models.CharField(max_length=40, db_index=True)
    # The unit of the ledger, who imported it, and the name of the file.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    file = models.CharField(max_length=255)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} ended by {self.file}"


class LinkedRow(models.Model):
    """A row of a ledger that was linked to a case from another source."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    # The key of the row, its number and words together, and its content when last read.
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="linked_row_once")]

    def __str__(self) -> str:
        return f"row of {self.case_id}"


class SavedView(models.Model):
    """A named set of ledger filters that one officer saved."""

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="view_name_once_for_a_member")
        ]

    def __str__(self) -> str:
        return self.name
