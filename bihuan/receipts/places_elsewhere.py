"""What other parts keep of the place of a case: shown to who told it, and gone with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bihuan.cases.models import Case


@dataclass(frozen=True)
class Elsewhere:
    """What a part keeps of a place, in its words, and how that is forgotten."""

    said: Callable[[Case], Iterable[str]]
    forget: Callable[[Case], object]


_registered: list[Elsewhere] = []


def register(elsewhere: Elsewhere) -> None:
    """Keep something of the places of cases. For `AppConfig.ready`."""
    _registered.append(elsewhere)


def said(case: Case) -> list[str]:
    return [words for each in _registered for words in each.said(case) if words]


def forget(case: Case) -> None:
    """The place is erased or corrected: what was kept of it elsewhere goes with it."""
    for each in _registered:
        each.forget(case)
