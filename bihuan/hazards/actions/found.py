"""A finding, before it becomes a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.cases.models import Case
from bihuan.core.masking import masked
from bihuan.core.places import Point
from bihuan.orgs.models import Unit


@dataclass(frozen=True)
class Finding:
    """What a person saw, and where."""

    title: str
    place: str
    unit: Unit
    found_date: date
    description: str = ""
    category: str = ""
    point: Point | None = None
    parent: Case | None = None
    # The id of a criterion that a failed item of a checklist names: "CRI-8/3.8".
    criterion: str = ""

    @property
    def names_people(self) -> bool:
        """Whether its text contains personal data, which is masked before it is stored."""
        return any(masked(text).found for text in (self.title, self.place, self.description))
