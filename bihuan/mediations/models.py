"""What a mediation has beyond the shared loop: parties, meetings and the agreement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan import formats
from bihuan.cases.models import Case
from bihuan.clocks.models import Clock


class Mediation(models.Model):
    """The mediation's own part of a case (same primary key); the case's post mediates."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="mediation"
    )
    # MED-2: the parties choose whether others may listen.
    is_open = models.BooleanField(default=False)
    # MED-5: an oral agreement is recorded by the mediator and is valid from the moment it is made.
    is_oral = models.BooleanField(default=False)
    # MED-8: since when the police know of likely violence or crime.
    alerted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"mediation of {self.case_id}"


class Party(models.Model):
    """One side of the dispute. Its identity is in the seal of the same slot, and nowhere else."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        OTHER = "other", _("Other party")

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="parties")
    slot = models.CharField(max_length=12)
    role = models.CharField(max_length=10, choices=Role)
    consents = models.BooleanField(null=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    agrees_to_open = models.BooleanField(default=False)
    # Asked again when another mediator is named.
    accepts_mediator = models.BooleanField(null=True)
    # MED-3: asked again for each month.
    goes_on = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mediation", "slot"], name="one_party_in_a_slot")
        ]

    def __str__(self) -> str:
        return f"{self.slot} of {self.mediation_id}"


class Session(models.Model):
    """A meeting: announced to every party, then recorded."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="sessions")
    meets_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    record = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{formats.stamp(self.meets_at)}"


class Agreement(models.Model):
    """The exact terms; each party confirms the digest of this text."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="agreements")
    terms = models.TextField()
    digest = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"],
                condition=Q(withdrawn_at=None),
                name="one_text_on_the_table",
            ),
            models.CheckConstraint(
                name="what_is_in_force_was_never_withdrawn",
                condition=Q(withdrawn_at=None) | Q(in_force_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.digest


class Confirmation(models.Model):
    """A party's confirmation of the text with this digest."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="confirmed")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party"], name="party_confirms_a_text_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} confirms {self.agreement_id}"


class Performance(models.Model):
    """An obligation with its day, and whether it was fulfilled."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="promised")
    what = models.TextField()
    due_date = models.DateField()
    clock = models.OneToOneField(
        Clock, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    was_kept = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_is_kept_or_broken_exactly_when_done",
                condition=Q(done_at=None, was_kept=None)
                | Q(done_at__isnull=False, was_kept__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.what[:60]
