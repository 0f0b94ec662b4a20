"""Messages between the office and the holder of a tracking code, and their delivery."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import REPORTER
from bihuan.orgs.models import Unit, User
from bihuan.receipts.models.seals import Seal


class MessageQuerySet(models.QuerySet["Message"]):
    def shown(self, now: datetime) -> MessageQuerySet:
        """Return those that their recipient may see by now."""
        return self.filter(Q(shown_at=None) | Q(shown_at__lte=now))


class Message(models.Model):
    """A message between the office and the reporter; neither learns who the other is."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        ADDITION = "addition", pgettext_lazy("message", "Addition")
        NOTICE = "notice", _("Notice")
        LETTER = "letter", _("Letter")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="messages")
    slot = models.CharField(max_length=12, default=REPORTER)
    kind = models.CharField(max_length=10, choices=Kind)
    # The subject of a notice or letter, from which its standard text is taken when it is shown.
    what = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    # Null if it comes from the holder of the code.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()
    # From when its recipient sees it: until then the act that it tells of can be undone.
    shown_at = models.DateTimeField(null=True, blank=True)
    # When the other side first saw it: for a letter, the day from which its remedies count.
    seen_at = models.DateTimeField(null=True, blank=True)
    answers = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_by"
    )
    # A form that is sent twice creates one rating.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    FROM_PERSON = (Kind.ANSWER, Kind.ADDITION)

    objects = MessageQuerySet.as_manager()

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
            ),
            models.CheckConstraint(
                name="message_never_seen_before_it_is_shown",
                condition=Q(shown_at=None) | Q(seen_at=None) | Q(seen_at__gte=F("shown_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"

    @property
    def is_from_office(self) -> bool:
        return self.kind not in self.FROM_PERSON


class Delivery(models.Model):
    """A message on its way to a sealed address, which no officer sees."""

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
