"""Copies of a case's place in other parts: shown to the reporter, and deleted with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bihuan.cases.models import Case


@dataclass(frozen=True)
class Elsewhere:
    """What a part stores about a place, its description, and how to delete it."""

    said: Callable[[Case], Iterable[str]]
    forget: Callable[[Case], object]


_registered: list[Elsewhere] = []


def register(elsewhere: Elsewhere) -> None:
    """Register a copy of the places of cases. For `AppConfig.ready`."""
    _registered.append(elsewhere)


def said(case: Case) -> list[str]:
    return [words for each in _registered for words in each.said(case) if words]


def forget(case: Case) -> None:
    """Delete the copies when the place is erased or corrected."""
    for each in _registered:
        each.forget(case)
