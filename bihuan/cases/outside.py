"""People outside the office who follow a case: a higher app registers how they are reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bihuan.cases.models import Case

Details = Mapping[str, str]


@dataclass(frozen=True)
class Outside:
    """How the loop reaches them, and what they had changed."""

    # Whether anyone follows the case.
    is_followed: Callable[[Case], bool]
    # Notifies everyone who follows it, in standard words by subject.
    tell: Callable[[Case, str, Details, datetime], object]
    # Returns the texts of these cases that were erased or corrected on request.
    reworded: Callable[[Collection[int]], Mapping[int, set[str]]]
    # Deletes the messages to them of an undone act of that time.
    take_back: Callable[[Case, datetime], object]


_registered: list[Outside] = []


def register(outside: Outside) -> None:
    """For `AppConfig.ready`."""
    _registered.append(outside)


def is_followed(case: Case) -> bool:
    return any(each.is_followed(case) for each in _registered)


def tell(case: Case, what: str, detail: Details, now: datetime) -> None:
    for each in _registered:
        each.tell(case, what, detail, now)


def take_back(case: Case, made_at: datetime) -> None:
    for each in _registered:
        each.take_back(case, made_at)


def reworded(cases: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for each in _registered:
        for case, things in each.reworded(cases).items():
            found.setdefault(case, set()).update(things)
    return found
