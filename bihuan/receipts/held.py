"""Acts of the holder of a code that may be held until somebody has confirmed them.

An app registers each with its name, and how it is carried out once it counts.
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
    """An act that can be held: its name for people, and what it does when it counts."""

    label: Words
    carry_out: Callable[[TrackingCode, Said, datetime, str], object]


_acts: dict[str, Holding] = {}
# Acts whose names say what they are about ("erase-photo-7"); each answers those that it knows.
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
    """What the act is called; an unknown one as it is written in the record."""
    known = _known(name)
    return known.label if known else name


def _known(name: str) -> Holding | None:
    if name in _acts:
        return _acts[name]
    answers = (family(name) for family in _families)
    return next((found for found in answers if found), None)
