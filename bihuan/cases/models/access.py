"""Exclusions from a case, and access to a confidential one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.models import Post, Unit, User


class Exclusion(models.Model):
    """A unit with all below it, or an officer, that is excluded from a case."""

    class Cause(models.TextChoices):
        COMPLAINED_OF = "complained_of", _("Complained of")
        INTEREST = "interest", _("Has a conflict of interest")
        RETALIATION = "retaliation", _("Alleged retaliation")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="exclusions")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.CharField(max_length=16, choices=Cause)
    # Officers with a post in the unit since then are meant, wherever they are now.
    since_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bar_names_a_unit_or_an_officer",
                condition=Q(unit=None, member__isnull=False) | Q(unit__isnull=False, member=None),
            ),
            models.CheckConstraint(
                name="bar_of_a_unit_always_says_since_when",
                condition=Q(unit=None, since_at=None)
                | Q(unit__isnull=False, since_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(member=None), name="unit_barred_once"
            ),
            models.UniqueConstraint(
                fields=["case", "member"], condition=Q(unit=None), name="officer_barred_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.member} is shut out of {self.case_id}"


class AccessGrant(models.Model):
    """A post on the need-to-know list of a confidential case; no one else sees the case."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="access_grants")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "post"], name="post_needs_to_know_once")
        ]

    def __str__(self) -> str:
        return f"{self.post} knows of {self.case_id}"
