"""Inspections of sites: who inspects, what was answered, and what followed.

Records name posts. The only name of a person is that of the signature for the site: it is in one
column that no index, list, search or export reads, and it is erased on its day.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan.checklists.models import Checklist, Version
from bihuan.files.models import StoredFile
from bihuan.orgs.models import Post, Unit
from bihuan.sites.models import Site

SUBJECT = "inspection"


class Inspection(models.Model):
    """One inspection of one site, by one version of a checklist."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", pgettext_lazy("kind of inspection", "Ordinary inspection")
        JOINT = "joint", pgettext_lazy("kind of inspection", "Joint inspection")
        UNANNOUNCED = "unannounced", pgettext_lazy("kind of inspection", "Unannounced inspection")
        SELF_CHECK = "self_check", pgettext_lazy("kind of inspection", "Self-check")
        LOOK_BACK = "look_back", pgettext_lazy("kind of inspection", "Look back")

    class Stage(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("stage of an inspection", "Planned")
        BEGUN = "begun", pgettext_lazy("stage of an inspection", "Begun")
        DONE = "done", pgettext_lazy("stage of an inspection", "Done")
        ABANDONED = "abandoned", pgettext_lazy("stage of an inspection", "Abandoned")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="inspections")
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # What a record on paper, taken in from an office's register, says was inspected.
    paper = models.CharField(max_length=120, blank=True)
    # The version in use when it began: a later one never changes it.
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The unit that inspects, and the unit that was in charge of the site's area then.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.ORDINARY.value)
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.PLANNED.value)
    made_at = models.DateTimeField()
    # By when a planned one is to be done.
    due_date = models.DateField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    abandoned_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # What the record says of the result, and how many items failed.
    result = models.TextField(blank=True)
    failed_count = models.PositiveSmallIntegerField(default=0)
    # The form, or the plan's turn, that made it.
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="inspection_by_unit"),
            models.Index(
                fields=["due_date", "id"],
                condition=Q(stage__in=["planned", "begun"]),
                name="inspection_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="inspection_begun_exactly_with_a_version",
                condition=Q(stage="planned", begun_at=None, version=None)
                | Q(stage__in=["begun", "done"], begun_at__isnull=False, version__isnull=False)
                | Q(stage="abandoned", begun_at=None, version=None)
                | Q(stage="abandoned", begun_at__isnull=False, version__isnull=False)
                | (Q(stage="done", begun_at__isnull=False, version=None) & ~Q(paper="")),
            ),
            models.CheckConstraint(
                name="inspection_has_a_checklist_unless_it_is_a_record_on_paper",
                condition=Q(paper="", checklist__isnull=False)
                | (Q(checklist=None, version=None, stage="done") & ~Q(paper="")),
            ),
            models.CheckConstraint(
                name="inspection_done_exactly_when_the_stage_says_so",
                condition=Q(stage="done", done_at__isnull=False)
                | (~Q(stage="done") & Q(done_at=None)),
            ),
            models.CheckConstraint(
                name="inspection_abandoned_with_a_reason",
                condition=Q(stage="abandoned", abandoned_at__isnull=False) & ~Q(reason="")
                | (~Q(stage="abandoned") & Q(abandoned_at=None, reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("inspections:inspection", args=[self.pk])

    @property
    def number(self) -> str:
        return f"JC-{self.made_at.year}-{self.pk:06d}"

    @property
    def subject(self) -> str:
        return f"{SUBJECT}/{self.pk}"

    @property
    def list_name(self) -> str:
        """Return by what it was done: its checklist, or what the record on paper says."""
        return str(self.checklist) if self.checklist else self.paper

    @property
    def has_ended(self) -> bool:
        return self.stage in (self.Stage.DONE, self.Stage.ABANDONED)

    @property
    def has_moved(self) -> bool:
        """Whether another unit is in charge of the site's area by now."""
        return self.area_id != self.site.unit_id


class Inspector(models.Model):
    """A post that inspects; in a joint inspection, of several units."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="inspectors")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "post"], name="post_inspects_once_in_an_inspection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.inspection_id}"


class Involved(models.Model):
    """A unit that may see the inspection; the operator's is added once it may know."""

    class Role(models.TextChoices):
        INSPECTS = "inspects", pgettext_lazy("unit in an inspection", "Inspects")
        AREA = "area", pgettext_lazy("unit in an inspection", "In charge of the area")
        OPERATOR = "operator", pgettext_lazy("unit in an inspection", "Operates the site")

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="involved")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        indexes = [models.Index(fields=["unit", "inspection"], name="inspection_seen_by_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "unit"], name="unit_is_involved_once_in_an_inspection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.inspection_id}"


class Answer(models.Model):
    """The answer to one item, as it was last saved."""

    class State(models.TextChoices):
        OK = "ok", pgettext_lazy("answer", "In order")
        FAILED = "failed", pgettext_lazy("answer", "Failed")
        NOT_APPLICABLE = "not_applicable", pgettext_lazy("answer", "Not applicable")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    item = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    # Empty while there is only a note.
    state = models.CharField(max_length=14, choices=State, blank=True)
    note = models.TextField(blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    # Of the save that made this revision: sent again, it changes nothing.
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "item"], name="item_is_answered_once_in_an_inspection"
            ),
            models.CheckConstraint(
                name="answer_starts_at_revision_1", condition=Q(revision__gte=1)
            ),
            models.CheckConstraint(
                name="answer_has_a_state_exactly_with_a_value",
                condition=Q(value="", state="") | (~Q(value="") & ~Q(state="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.inspection_id}"


class Photo(models.Model):
    """A photo of an item: of what was found, or of what was fixed on the spot."""

    class Purpose(models.TextChoices):
        FOUND = "found", pgettext_lazy("photo", "Found")
        FIXED = "fixed", pgettext_lazy("photo", "Fixed")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="photos", db_index=False
    )
    item = models.CharField(max_length=40)
    purpose = models.CharField(max_length=5, choices=Purpose, default=Purpose.FOUND.value)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "key"], name="photo_is_kept_once_in_an_inspection"
            )
        ]

    def __str__(self) -> str:
        return f"photo of {self.item} of {self.inspection_id}"


class Settlement(models.Model):
    """What followed from a failed item: a hazard, a fix on the spot, or a reason for neither."""

    class Outcome(models.TextChoices):
        HAZARD = "hazard", pgettext_lazy("failed item", "Reported as a hazard")
        FIXED = "fixed", pgettext_lazy("failed item", "Fixed on the spot")
        REASON = "reason", pgettext_lazy("failed item", "Neither, with a reason")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="settlements", db_index=False
    )
    item = models.CharField(max_length=40)
    outcome = models.CharField(max_length=6, choices=Outcome)
    # The case may be disposed of before the record.
    case_number = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    # What the inspector proposes to those who confirm and assign the hazard.
    proposed_grade = models.CharField(max_length=8, blank=True)
    proposed_date = models.DateField(null=True, blank=True)
    criterion = models.CharField(max_length=40, blank=True)
    basis = models.TextField(blank=True)
    settled_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["case_number"], condition=~Q(case_number=""), name="settlement_by_case"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "item"], name="failed_item_is_settled_once"
            ),
            models.CheckConstraint(
                name="settlement_names_a_case_exactly_when_it_is_a_hazard",
                condition=Q(outcome="hazard") & ~Q(case_number="")
                | (~Q(outcome="hazard") & Q(case_number="")),
            ),
            models.CheckConstraint(
                name="settlement_without_hazard_or_fix_says_why",
                condition=~Q(outcome="reason") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.item} of {self.inspection_id}"


class Signature(models.Model):
    """How one side signed the record; the refusal of the site's side names a witness."""

    class Side(models.TextChoices):
        INSPECTOR = "inspector", pgettext_lazy("signature", "Inspector")
        SITE = "site", pgettext_lazy("signature", "Site")

    class Method(models.TextChoices):
        DRAWN = "drawn", pgettext_lazy("signature", "Signed on the screen")
        ON_PAPER = "on_paper", pgettext_lazy("signature", "Signs on the printed sheet")
        REFUSED = "refused", pgettext_lazy("signature", "Refused to sign")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="signatures", db_index=False
    )
    side = models.CharField(max_length=9, choices=Side)
    way = models.CharField(max_length=8, choices=Method)
    # The inspecting post; the site's side has a name in this row only.
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60, blank=True)
    # Lines of points, as `core.strokes` reads them.
    drawing = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    witness = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField()
    # When name and drawing of the site's side are erased, and when they were.
    erase_date = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["erase_date", "id"],
                condition=Q(erase_date__isnull=False, erased_at=None),
                name="signature_to_erase",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(side="site"),
                name="site_signs_once_in_an_inspection",
            ),
            models.UniqueConstraint(
                fields=["inspection", "post"],
                condition=Q(side="inspector"),
                name="post_signs_once_in_an_inspection",
            ),
            models.CheckConstraint(
                name="signature_names_a_post_exactly_for_an_inspector",
                condition=Q(side="inspector", post__isnull=False, name="", erase_date=None)
                | Q(side="site", post=None, erase_date__isnull=False),
            ),
            models.CheckConstraint(
                name="refused_signature_has_a_witness_and_a_reason",
                condition=Q(way="refused", side="site", witness__isnull=False) & ~Q(reason="")
                | (~Q(way="refused") & Q(witness=None, reason="")),
            ),
            models.CheckConstraint(
                name="erased_signature_is_empty",
                condition=Q(erased_at=None) | Q(name="", drawing=""),
            ),
        ]

    def __str__(self) -> str:
        return f"signature of {self.side} of {self.inspection_id}"
