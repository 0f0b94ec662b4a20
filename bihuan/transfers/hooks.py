"""The kinds of cases from which letters are made: each app of a kind registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.cases.models import Case


@dataclass(frozen=True)
class Beginning:
    """What the form of a letter begins with; the officer changes it."""

    title: str
    place: str
    found: str
    basis: str


@dataclass(frozen=True)
class Origin:
    """Cases of one kind: what a letter begins with, and in which stages none is made."""

    begin: Callable[[Case], Beginning]
    never_from: frozenset[str]


_origins: dict[str, Origin] = {}


def register(kind: str, origin: Origin) -> None:
    """Let letters be made from cases of this kind. For `AppConfig.ready`."""
    _origins[kind] = origin


def has_letters(kind: str) -> bool:
    return kind in _origins


def may_begin(case: Case) -> bool:
    """Whether a letter can be made from this case."""
    found = _origins.get(case.kind)
    return found is not None and case.stage not in found.never_from


def begin(case: Case) -> Beginning:
    """Return what a letter from this case begins with."""
    return _origins[case.kind].begin(case)
