"""The text about a case that the public may see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.core import places
from bihuan.core.places import Point


class Publication(models.Model):
    """What the public may see of a case, in separate words; `me_too` records nothing about who."""

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

    @property
    def point(self) -> Point | None:
        """Where it is on the map, if that is public: always rounded, for it may be a home."""
        found = places.point(self.latitude, self.longitude)
        return found.rounded() if found else None

    @point.setter
    def point(self, point: Point | None) -> None:
        shown = point.rounded() if point else None
        self.latitude = shown.latitude if shown else None
        self.longitude = shown.longitude if shown else None
