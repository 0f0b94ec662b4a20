"""What the portal has of its own: where to turn, when leaders meet the public, how it went."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.models import Post, Unit


class Outlet(models.Model):
    """A way to reach an office (PET-27): its place, number and hours, as they are published."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outlets")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Reception(models.Model):
    """A day on which a leader meets the public (接访日), in slots that people book."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="receptions")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    slot_minutes = models.PositiveSmallIntegerField(default=30)
    place = models.CharField(max_length=200)
    topic = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["date"], name="reception_by_date")]
        constraints = [
            models.CheckConstraint(
                name="reception_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.post}"


class Booking(models.Model):
    """A slot that somebody took. It knows a code and nothing of the person."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="bookings")
    starts_at = models.TimeField()
    code_hash = models.BinaryField(max_length=32, unique=True)
    booked_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reception", "starts_at"],
                condition=Q(given_back_at=None),
                name="slot_booked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reception_id} {self.starts_at}"


class Figure(models.Model):
    """What became of the cases that the public brought in one month: a counter.

    It is worked out from the cases (`bihuan.portal.queries.counting`); `bihuan recount` compares.
    """

    class Kind(models.TextChoices):
        GRIEVANCE = "grievance", _("Requests and complaints")
        SUGGESTION = "suggestion", _("Suggestions")
        HAZARD = "hazard", _("Hazards")
        # Counted for the whole place only: no unit's counter tells of a complaint about it.
        ABOUT_OFFICE = "about_office", _("Complaints about an office or officer")

    # Empty for the whole place.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    month = models.DateField()
    received = models.PositiveIntegerField(default=0)
    # Answered, or overdue.
    settled = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    # How many were answered after so many days, for the median of any period.
    days = models.JSONField(default=dict)
    # What happened later is not in it yet.
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "month", "unit"], name="figure_once"),
            models.UniqueConstraint(
                fields=["kind", "month"], condition=Q(unit=None), name="figure_of_the_place_once"
            ),
            models.CheckConstraint(
                name="no_unit_has_a_figure_of_complaints_about_it",
                condition=Q(unit=None) | ~Q(kind="about_office"),
            ),
            models.CheckConstraint(
                name="figure_parts_are_within_their_wholes",
                condition=Q(in_time__lte=F("answered"))
                & Q(answered__lte=F("settled"))
                & Q(settled__lte=F("received"))
                & Q(solved__lte=F("rated"))
                & Q(rated__lte=F("answered")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or 'all'} {self.kind} {self.month:%Y-%m}"
