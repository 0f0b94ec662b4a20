"""Boundaries of units, as they were loaded."""

from __future__ import annotations

import json
from functools import cached_property

from django.db import models
from django.db.models import F

from bihuan.core.shapes import Area, Bounds, read_area
from bihuan.orgs.models import Unit

SUBJECT = "boundary"


class Boundary(models.Model):
    """The outline of a unit's area."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    # The whole geometry as the text of a GeoJSON object, which the proof of the row includes.
    geometry = models.TextField()
    # The same with few corners, for drawing.
    outline = models.TextField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="boundary_lies_on_the_ground",
                condition=models.Q(
                    west__gte=-180,
                    east__lte=180,
                    south__gte=-90,
                    north__lte=90,
                    west__lte=F("east"),
                    south__lte=F("north"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.unit.name

    @property
    def subject(self) -> str:
        """The name of this boundary in the journal."""
        return f"{SUBJECT}/{self.pk}"

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.west, self.south, self.east, self.north)

    @cached_property
    def area(self) -> Area:
        return read_area(json.loads(self.geometry))

    @cached_property
    def drawn(self) -> Area:
        return drawn_area(self.outline)


def drawn_area(text: str) -> Area:
    """Return an outline as it was stored: it was checked before it was simplified, and simplified
    lines may cross.
    """
    geometry = json.loads(text)
    listed = geometry["coordinates"]
    polygons = [listed] if geometry["type"] == "Polygon" else listed
    return Area(
        tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in polygons)
    )
