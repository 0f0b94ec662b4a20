"""A finding, before it becomes a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.cases.models import Case
from bihuan.core import places
from bihuan.core.masking import masked
from bihuan.orgs.models import Unit


@dataclass(frozen=True)
class Finding:
    """What a person saw, and where (WGS 84 degrees)."""

    title: str
    place: str
    unit: Unit
    found_date: date
    description: str = ""
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    parent: Case | None = None

    @property
    def names_people(self) -> bool:
        """Whether its text contains personal data, which is masked before it is stored."""
        return any(masked(text).found for text in (self.title, self.place, self.description))

    @property
    def cell(self) -> int | None:
        if self.latitude is None or self.longitude is None:
            return None
        return places.cell(self.latitude, self.longitude)
