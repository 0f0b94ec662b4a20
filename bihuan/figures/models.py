"""What is counted, and what each subject has been counted as."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.figures.sources import Counted
from bihuan.orgs.models import Unit

# Counters with this prefix exist for the whole place only, and never for a unit.
OF_PLACE = "place."


class CountQuerySet(models.QuerySet["Count"]):
    def published(self) -> CountQuerySet:
        """Leave out what was counted since the last refresh: all of it appears at once, so that
        an observer of a figure cannot infer the outcome of a single case.
        """
        return self.filter(is_pending=False)


class Count(models.Model):
    """A number that is added to a counter of one unit for one day or month.

    Each action inserts its own rows, so that no action waits for another one; the value of a
    counter is the sum of its rows. A refresh merges them.
    """

    counter = models.CharField(max_length=40)
    # Null for the whole place.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The day, or the first day of the month.
    period = models.DateField()
    # For a distribution: the step, such as the number of days.
    step = models.IntegerField(default=0)
    value = models.BigIntegerField()
    is_pending = models.BooleanField(default=True)

    objects = models.Manager.from_queryset(CountQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["period", "counter"], name="count_by_period")]
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "unit", "period", "step"],
                condition=Q(is_pending=False, unit__isnull=False),
                name="count_merged_once",
            ),
            models.UniqueConstraint(
                fields=["counter", "period", "step"],
                condition=Q(is_pending=False, unit=None),
                name="count_of_the_place_merged_once",
            ),
            models.CheckConstraint(
                name="no_unit_has_a_counter_of_the_place",
                condition=Q(unit=None) | ~Q(counter__startswith=OF_PLACE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.period} {self.value}"


class Contribution(models.Model):
    """What one subject has been counted as, so that the next action adds only the difference."""

    source = models.CharField(max_length=20)
    # The subject's name in the journal; empty for disposed subjects, taken together.
    subject = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    period = models.DateField()
    # The amount by counter, or by "counter/step".
    numbers = models.JSONField(default=dict)
    # Counted in another way; not changed here.
    is_final = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["source", "period"], name="contribution_by_period")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "subject"],
                condition=~Q(subject=""),
                name="subject_contributes_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.subject or '-'} {self.period}"

    @property
    def counted(self) -> Counted:
        return Counted(self.unit_id, self.numbers)
