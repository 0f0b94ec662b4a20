"""What local texts add for hazards: notices at the place, and limits of a supervision listing.

A local rule is no national right: it holds only where its pack is chosen (`BIHUAN_LOCAL_PACK`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.rules import Bilingual, Confidence

PACKS = Path(__file__).parent / "packs"
# Only the national rules.
NATIONAL = "CN"


@dataclass(frozen=True)
class PlaceNotice:
    """A notice that is posted at the place while a stop-work order is in force (REG-12)."""

    source: Bilingual
    confidence: Confidence


@dataclass(frozen=True)
class ListingLimits:
    """How long a listing may last, and when a later deadline is to be requested (REG-14)."""

    longest_months: int
    ask_before_workdays: int
    source: Bilingual
    confidence: Confidence


@dataclass(frozen=True)
class LocalPack:
    """The pack of one place; `place` is also the jurisdiction of its rules."""

    place: str
    name: Bilingual
    place_notice: PlaceNotice | None = None
    listing: ListingLimits | None = None


@cache
def named(place: str) -> LocalPack:
    """Return the pack of this place; without one, a pack that adds nothing."""
    path = PACKS / f"{place.lower()}.toml"
    if place == NATIONAL or not path.is_file():
        return LocalPack(NATIONAL, Bilingual("全国", "National"))
    return _read(place, tomllib.loads(path.read_text(encoding="utf-8")))


def names() -> list[str]:
    """Return what the setting may be: the national rules alone, or the pack of a place."""
    return [NATIONAL, *sorted(path.stem.upper() for path in PACKS.glob("*.toml"))]


def _read(place: str, table: dict[str, Any]) -> LocalPack:
    notice, limits = table.get("place_notice"), table.get("listing")
    return LocalPack(
        place,
        Bilingual(**table["name"]),
        PlaceNotice(**_sourced(notice)) if notice else None,
        ListingLimits(**_sourced(limits)) if limits else None,
    )


def _sourced(table: dict[str, Any]) -> dict[str, Any]:
    known = Confidence(table["confidence"])
    if known is Confidence.RECALLED:
        raise ValueError("a pack has no rule that is only recalled")
    return {**table, "source": Bilingual(**table["source"]), "confidence": known}
