"""Transfer letters (移送函): what was found at a place, which body was asked, what it answered.

No column can hold the name of a person who broke a rule: the enforcement file stays with the body.
A letter outlives the case that it was made from, so it refers to it by number.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.files.models import StoredFile
from bihuan.orgs.models import Unit, User
from bihuan.orgs.naming import name_of
from bihuan.transfers import acts

SUBJECT = "transfer"


class Letter(models.Model):
    """One letter, from its draft to the answer."""

    class Stage(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("transfer letter", "Draft")
        ISSUED = "issued", pgettext_lazy("transfer letter", "Issued")
        RECEIVED = "received", pgettext_lazy("transfer letter", "Received")
        ANSWERED = "answered", pgettext_lazy("transfer letter", "Answered")
        WITHDRAWN = "withdrawn", pgettext_lazy("transfer letter", "Withdrawn")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted for enforcement")
        NOT_COMPETENT = "not_competent", _("Not competent")
        NO_VIOLATION = "no_violation", _("No violation found")
        DONE = "done", _("Dealt with")

    # Empty until it is issued.
    number = models.CharField(max_length=30, blank=True)
    case_number = models.CharField(max_length=32)
    # The unit that sends it.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # The competent body: a unit of the system, or one outside by its name.
    to_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    found = models.TextField()
    basis = models.CharField(max_length=300)
    # What else is attached on paper, one to a line.
    papers = models.TextField(blank=True)
    stage = models.CharField(max_length=9, choices=Stage, default="draft")
    # Who wrote it last, and who issued it.
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    received_date = models.DateField(null=True, blank=True)
    # The number under which the body registered it, if it gave one.
    receipt = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=13, choices=Answer, blank=True)
    answer_text = models.TextField(blank=True)
    answer_date = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # A form that is sent twice creates one letter.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["case_number"], name="letter_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="letter_number_once"
            ),
            models.CheckConstraint(
                name="letter_always_has_one_addressee",
                condition=Q(to_unit__isnull=False, to_name="") | (Q(to_unit=None) & ~Q(to_name="")),
            ),
            models.CheckConstraint(
                name="letter_never_goes_to_its_sender",
                condition=Q(to_unit=None) | ~Q(to_unit=F("unit")),
            ),
            models.CheckConstraint(
                name="letter_numbered_exactly_when_issued",
                condition=Q(number="", issued_at=None, issued_by=None)
                | (~Q(number="") & Q(issued_at__isnull=False, issued_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="letter_never_issued_by_its_drafter",
                condition=Q(issued_by=None) | ~Q(issued_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="letter_received_always_with_a_day",
                condition=Q(received_at=None, received_date=None, receipt="")
                | Q(received_at__isnull=False, received_date__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_answer_always_has_words",
                condition=Q(answered_at=None, answer="", answer_text="", answer_date=None)
                | (
                    Q(answered_at__isnull=False, answer_date__isnull=False)
                    & ~Q(answer="")
                    & ~Q(answer_text="")
                ),
            ),
            models.CheckConstraint(
                name="letter_withdrawn_always_says_why",
                condition=Q(withdrawn_at=None, reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="letter_stage_says_what_happened",
                condition=Q(stage="draft", issued_at=None, withdrawn_at=None)
                | Q(stage="issued", issued_at__isnull=False, received_at=None, withdrawn_at=None)
                | Q(
                    stage="received",
                    issued_at__isnull=False,
                    received_at__isnull=False,
                    answered_at=None,
                    withdrawn_at=None,
                )
                | Q(
                    stage="answered",
                    received_at__isnull=False,
                    answered_at__isnull=False,
                    withdrawn_at=None,
                )
                | Q(stage="withdrawn", withdrawn_at__isnull=False, answered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    def get_absolute_url(self) -> str:
        return reverse("transfers:letter", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of its chain in the journal, and of what its clock runs on."""
        return f"{SUBJECT}/{self.pk}"

    @property
    def is_owed(self) -> bool:
        """Whether the competent body owes the answer."""
        return self.stage in acts.OWED

    @property
    def is_draft(self) -> bool:
        return self.stage == acts.Stage.DRAFT

    @property
    def addressee(self) -> str:
        """Return the name of the competent body in the reader's language."""
        return self.to_name or (name_of(self.to_unit) if self.to_unit else "")

    @property
    def answering(self) -> Unit:
        """Return the unit that records receipt and answer: the receiving one, else the sender."""
        there = self.to_unit
        return there if there is not None and there.end_date is None else self.unit


class Enclosure(models.Model):
    """A photo of the case that the letter encloses; the receiver sees these and no others."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="enclosures")
    rank = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)
    # How many quarters to the right the photo is turned when it is shown.
    turns = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "rank"], name="enclosure_rank_once"),
            models.UniqueConstraint(fields=["letter", "file"], name="photo_enclosed_once"),
            models.CheckConstraint(
                name="enclosure_never_turned_more_than_three_quarters", condition=Q(turns__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.rank}"
