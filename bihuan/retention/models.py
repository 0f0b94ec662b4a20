"""Disposal lists, holds, and packages given to the archive."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.orgs.models import Unit, User


class Hold(models.Model):
    """Why a case, or all cases of a unit and those below it, are kept beyond their time."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    why_lifted = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_is_on_a_case_or_on_a_unit",
                condition=Q(case=None, unit__isnull=False) | Q(case__isnull=False, unit=None),
            ),
            models.CheckConstraint(name="hold_always_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_is_lifted_by_somebody_with_a_reason",
                condition=Q(lifted_at=None, lifted_by=None, why_lifted="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(why_lifted=""),
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.case_id or self.unit_id}"

    @property
    def subject(self) -> str:
        """The subject in whose chain the journal records it."""
        return self.case.subject if self.case else f"hold/{self.pk}"


class Disposal(models.Model):
    """A list of cases due for disposal: one officer proposes it, a second one confirms it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The retention class, the version of the retention list, and the year in which the cases ended.
    retention = models.CharField(max_length=40)
    retention_list = models.CharField(max_length=81)
    year = models.PositiveSmallIntegerField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # How many cases were disposed of, and how many photos and documents with them.
    cases_gone = models.PositiveIntegerField(default=0)
    files_gone = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False, done_at=None, withdrawn_at=None),
                name="disposal_to_carry_out",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_confirms_their_own_disposal_list",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="disposal_list_is_confirmed_by_somebody_at_some_time",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disposal_list_always_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="nothing_is_disposed_of_without_a_second_officer",
                condition=Q(done_at=None, cases_gone=0, files_gone=0)
                | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disposal_list_is_withdrawn_or_done",
                condition=Q(withdrawn_at=None) | Q(done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"disposal list {self.pk}"

    @property
    def subject(self) -> str:
        return f"disposal/{self.pk}"


class Item(models.Model):
    """A case on a disposal list; deleted together with the case."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        LEFT = "left", _("Kept, not disposed of")

    class Why(models.TextChoices):
        HELD = "held", _("It is on hold")
        OPEN = "open", _("It was reopened")
        NOT_YET = "not_yet", _("Its retention period has not ended")
        NOT_HANDED_OVER = "not_handed_over", _("The archive has not received it yet")
        REFERRED_TO = "referred_to", _("A sub-case or duplicate of it is still kept")

    disposal = models.ForeignKey(Disposal, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING.value)
    why = models.CharField(max_length=16, choices=Why, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="disposal_item_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="waiting"),
                name="case_is_on_one_disposal_list_at_a_time",
            ),
            models.CheckConstraint(
                name="case_that_is_kept_after_all_says_why",
                condition=Q(state="waiting", why="") | (Q(state="left") & ~Q(why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} on {self.disposal_id}"


class HandOver(models.Model):
    """A package of cases for the county archive, identified by the digest of its manifest."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    retention_list = models.CharField(max_length=81)
    manifest_digest = models.CharField(max_length=64, unique=True)
    cases = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    # The archive's reference for its receipt, and the date on it.
    receipt = models.CharField(max_length=80, blank=True)
    received_date = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_over_is_received_with_a_receipt_and_its_day",
                condition=Q(receipt="", received_date=None, received_at=None)
                | (Q(received_date__isnull=False, received_at__isnull=False) & ~Q(receipt="")),
            ),
            models.CheckConstraint(name="hand_over_is_never_empty", condition=Q(cases__gt=0)),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    @property
    def subject(self) -> str:
        return f"handover/{self.pk}"


class HandedOver(models.Model):
    """A case in a package."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="contents")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handed_over")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "case"], name="case_once_in_a_hand_over")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.hand_over_id}"
