"""The portal's own data: contact details, reception days, figures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.models import Post, Unit


class Outlet(models.Model):
    """A published way to reach an office (PET-27): its address, number and hours."""

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


class PlaceName(models.Model):
    """Another name of a town or village, or the name of a place in it, by which people find it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="place_names")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="place_named_once_for_a_unit")
        ]

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
    """A booked slot. It stores a code and nothing about the person."""

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


class FigureKind(models.TextChoices):
    """The kinds of figures: the cases that the public brought."""

    GRIEVANCE = "grievance", _("Requests and complaints")
    SUGGESTION = "suggestion", _("Suggestions")
    HAZARD = "hazard", _("Hazards")
    # Counted for the whole place only: no unit's counter reveals a complaint about it.
    ABOUT_OFFICE = "about_office", _("Complaints about an office or officer")
