"""Requests of a code's holder to correct or erase something that they submitted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.clocks.models import Clock
from bihuan.orgs.models import Unit, User


class Amendment(models.Model):
    """One request about one item, and the decision on it (PRV-4)."""

    class Wants(models.TextChoices):
        CORRECT = "correct", _("Correct it")
        ERASE = "erase", _("Erase it")

    class Outcome(models.TextChoices):
        GRANTED = "granted", pgettext_lazy("amendment", "Granted")
        PARTLY = "partly", pgettext_lazy("amendment", "Granted in part")
        REFUSED = "refused", pgettext_lazy("amendment", "Refused")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="amendments")
    slot = models.CharField(max_length=12)
    # "title", "message-12": see `queries.amendments`. After a photo is erased, only this remains.
    thing = models.CharField(max_length=24)
    told_at = models.DateTimeField()
    wants = models.CharField(max_length=8, choices=Wants)
    # Both are deleted with the item they are about.
    right_words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    clock = models.OneToOneField(Clock, on_delete=models.CASCADE, related_name="amendment")
    # The officer whose work it may be about; null if no one has worked on the case.
    handled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    # The basis of a refusal: see `bihuan.core.amending.LAW`.
    basis = models.CharField(max_length=12, blank=True)
    # Whether its case was on hold for a court, an audit or an inquiry when it was decided.
    is_held = models.BooleanField(default=False, db_default=False)
    # A form that is sent twice makes one request.
    form_key = models.UUIDField(unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="amendment_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "slot", "thing"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="one_amendment_open_for_each_thing",
            ),
            models.CheckConstraint(
                name="amendment_is_decided_by_somebody_for_a_unit",
                condition=Q(decided_at=None, decided_by=None, unit=None, outcome="")
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    unit__isnull=False,
                    outcome__in=["granted", "partly", "refused"],
                ),
            ),
            models.CheckConstraint(
                name="withdrawn_amendment_is_never_decided",
                condition=Q(withdrawn_at=None) | Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="refused_amendment_always_says_why_and_by_what_law",
                condition=~Q(outcome__in=["partly", "refused"]) | (~Q(answer="") & ~Q(basis="")),
            ),
            models.CheckConstraint(
                name="nothing_of_a_held_case_is_ever_erased_or_corrected",
                condition=Q(is_held=False) | Q(outcome="refused"),
            ),
            models.CheckConstraint(
                name="refusal_names_a_hold_only_where_there_is_one",
                condition=~Q(basis="held") | Q(is_held=True),
            ),
            models.CheckConstraint(
                name="open_correction_always_brings_the_right_words",
                condition=~Q(wants="correct", decided_at=None, withdrawn_at=None)
                | ~Q(right_words=""),
            ),
            models.CheckConstraint(
                name="erasure_never_brings_words",
                condition=~Q(wants="erase") | Q(right_words=""),
            ),
            models.CheckConstraint(
                name="whoever_handled_it_never_decides_what_is_amended",
                condition=Q(decided_by=None) | Q(handled_by=None) | ~Q(decided_by=F("handled_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wants} {self.thing} of {self.case_id}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def is_erasure(self) -> bool:
        """Whether nothing remains of the item."""
        return self.wants == self.Wants.ERASE and self.outcome == self.Outcome.GRANTED
