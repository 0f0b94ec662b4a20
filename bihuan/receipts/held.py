"""Acts of a code's holder that may be held until they are confirmed.

An app registers each with its name, and a function that carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from bihuan.receipts.models import TrackingCode

Words = str | Promise
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Holding:
    """An act that can be held: its display name, and the function that carries it out."""

    label: Words
    carry_out: Callable[[TrackingCode, Said, datetime, str], object]


_acts: dict[str, Holding] = {}
# Acts whose names contain their item ("erase-photo-7"); each function handles those it knows.
_families: list[Callable[[str], Holding | None]] = []


def register(name: str, holding: Holding) -> None:
    _acts[name] = holding


def register_family(family: Callable[[str], Holding | None]) -> None:
    _families.append(family)


def named(name: str) -> Holding:
    found = _known(name)
    if found is None:
        raise KeyError(name)
    return found


def label(name: str) -> Words:
    """Return the display name of the act; an unknown one as it is recorded."""
    known = _known(name)
    return known.label if known else name


def _known(name: str) -> Holding | None:
    if name in _acts:
        return _acts[name]
    answers = (family(name) for family in _families)
    return next((found for found in answers if found), None)
