"""What those who found a hazard propose for it, as the parts above register it.

Proposals fill in the forms that confirm and assign the hazard; the officer decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Proposed:
    """The grade, the criterion, the deadline, and the unit that operates the place."""

    grade: str = ""
    criterion: str = ""
    deadline_date: date | None = None
    unit: int | None = None


NOTHING = Proposed()
# Takes the number of a case, and returns None where nothing is proposed.
Source = Callable[[str], Proposed | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Register where proposals come from. For `AppConfig.ready`."""
    _sources.append(source)


def of(number: str) -> Proposed:
    """Return what is proposed for the hazard with this number."""
    return next((found for source in _sources if (found := source(number))), NOTHING)
