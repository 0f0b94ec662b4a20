"""What passes between a case and the holder of its tracking code."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models.sealed import REPORTER, Seal
from bihuan.clocks.models import Clock
from bihuan.orgs.models import Unit, User


class TrackingCode(models.Model):
    """The way back to a case for the holder of its code, of which only a slow hash is kept."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="codes")
    slot = models.CharField(max_length=12, default=REPORTER)
    code_hash = models.BinaryField(max_length=32, unique=True, null=True, blank=True)
    # Until the worker has made the slow hash: a quick one and the code, both under keys that are
    # not in the database (docs/decisions/0130-codes-are-hardened-by-the-worker.md).
    quick_hash = models.BinaryField(max_length=32, unique=True, null=True, blank=True)
    sealed_code = models.TextField(blank=True)
    # The digest of what was said, which stands in the receipt and in the journal.
    content_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    # An officer has seen it: handed over at a desk, or used at one. Then it opens nothing but the
    # page on which its holder takes another (docs/decisions/0136-codes-from-a-desk.md).
    is_from_desk = models.BooleanField(default=False)
    # When the holder took this one in place of one that an officer had seen, and how often.
    renewed_at = models.DateTimeField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "slot"], name="one_code_for_each_slot"),
            models.CheckConstraint(
                name="renewed_code_says_when",
                condition=Q(renewed_at=None, renewals=0)
                | Q(renewed_at__isnull=False, renewals__gt=0),
            ),
            models.CheckConstraint(
                name="code_is_hardened_or_waits_for_it",
                condition=Q(code_hash__isnull=False, quick_hash=None, sealed_code="")
                | (Q(code_hash=None, quick_hash__isnull=False) & ~Q(sealed_code="")),
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.case_id}, {self.slot}"


class SpentCode(models.Model):
    """A code in whose place another was taken: it opens nothing, and its holder is told so."""

    code = models.ForeignKey(TrackingCode, on_delete=models.CASCADE, related_name="spent")
    # Quick or slow, as it lay there.
    code_hash = models.BinaryField(max_length=32, unique=True)
    spent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"spent {self.code}"


class HeldAct(models.Model):
    """What weakens a position and came by a code that an officer had seen: it counts once
    somebody above has made sure that the person wants it."""

    code = models.ForeignKey(TrackingCode, on_delete=models.CASCADE, related_name="held")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="held")
    act = models.CharField(max_length=24)
    said = models.JSONField(default=dict)
    held_at = models.DateTimeField()
    # The desk at which it was entered in the presence of the person; empty on the portal.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_confirmed = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "act"], condition=Q(decided_at=None), name="act_is_held_once"
            ),
            models.CheckConstraint(
                name="held_act_is_decided_by_somebody_with_a_reason",
                condition=Q(decided_at=None, decided_by=None, is_confirmed=None)
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & Q(is_confirmed__isnull=False)
                    & ~Q(note="")
                ),
            ),
            models.CheckConstraint(
                name="nobody_decides_what_they_entered",
                condition=Q(member=None) | Q(decided_by=None) | ~Q(decided_by=F("member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} held on {self.case_id}"


class Message(models.Model):
    """A word between the office and the reporter, without either knowing who the other is."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        ADDITION = "addition", pgettext_lazy("message", "Addition")
        NOTICE = "notice", _("Notice")
        LETTER = "letter", _("Letter")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="messages")
    slot = models.CharField(max_length=12, default=REPORTER)
    kind = models.CharField(max_length=10, choices=Kind)
    # What a notice or letter is about; its standard words come from it when it is shown.
    what = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    # Empty when it comes from the holder of the code.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()
    # When the other side first saw it: for a letter, the day from which its remedies count.
    seen_at = models.DateTimeField(null=True, blank=True)
    answers = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_by"
    )
    # One form sent twice says it once.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    FROM_PERSON = (Kind.ANSWER, Kind.ADDITION)

    class Meta:
        indexes = [
            models.Index(fields=["case", "slot", "said_at"], name="message_by_case"),
            models.Index(
                fields=["said_at"],
                condition=Q(kind__in=["answer", "addition"], seen_at=None),
                name="message_unread",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_comes_from_the_office_or_the_reporter",
                condition=Q(kind__in=["answer", "addition"], unit=None, member=None)
                | Q(kind__in=["question", "notice", "letter"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"

    @property
    def is_from_office(self) -> bool:
        return self.kind not in self.FROM_PERSON


class Delivery(models.Model):
    """A message on its way to a sealed address; no officer sees where it goes."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="delivery")
    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"delivery of {self.message_id}"


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


class Publication(models.Model):
    """What the public may see of a case, in words of its own; `me_too` counts nothing about who."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="publication")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    me_too = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-published_at"], condition=Q(withdrawn_at=None), name="publication_shown"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReceiptKey(models.Model):
    """A public key with which receipts are checked; earlier ones stay, so that old slips hold."""

    label = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(max_length=64)
    since_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label
