"""Texts that officers reuse in plans: their own, and those that an office keeps for everyone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.orgs.models import Unit, User


class SavedPhrase(models.Model):
    """A text for one field of a plan, of one officer or of a unit and all units below it."""

    # The field of a form; the kinds register which fields have phrases.
    use = models.CharField(max_length=12)
    text = models.CharField(max_length=1000)
    member = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="phrase_is_of_an_officer_or_of_a_unit",
                condition=Q(member=None, unit__isnull=False) | Q(member__isnull=False, unit=None),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
