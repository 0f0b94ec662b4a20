"""Holiday years that were loaded here; those of the release are in `data/`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.core.holidays import PublishedYear, parse


class CalendarYear(models.Model):
    """One version of one year; older versions are kept, since deadlines were calculated with
    them.
    """

    jurisdiction = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    source = models.TextField(blank=True)
    days = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "year", "version"], name="calendar_year_version_once"
            ),
            models.CheckConstraint(
                name="calendar_year_version_starts_at_1", condition=Q(version__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.year} v{self.version}"

    def published(self) -> PublishedYear:
        return parse({"year": self.year, "papers": self.source.split(), "days": self.days})
