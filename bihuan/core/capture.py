"""Compare when and where a photo was taken with the problem that it documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bihuan.core.places import Point

# Tolerance for a phone in a valley, or one that reports shifted coordinates.
NEAR_METRES = 800
RECENT = timedelta(hours=48)
CLOCK_ERROR = timedelta(minutes=15)


class PlaceVerdict(StrEnum):
    MATCHES = "place_matches"
    FAR = "place_far"
    NONE = "no_place"


class TimeVerdict(StrEnum):
    MATCHES = "time_matches"
    OLD = "time_old"
    FUTURE = "time_future"
    NONE = "no_time"


@dataclass(frozen=True)
class Capture:
    """What the camera wrote into the photo; compared once and not stored."""

    taken_at: datetime | None = None
    place: Point | None = None


@dataclass(frozen=True)
class Verdict:
    """The result, which is all that is stored about time and place."""

    place: PlaceVerdict
    time: TimeVerdict


def compare_capture(
    capture: Capture, *, site: Point | None, claimed_at: datetime, now: datetime
) -> Verdict:
    """Compare the photo's place with the site, and its time with the claimed time."""
    return Verdict(_place(capture.place, site), _time(capture.taken_at, claimed_at, now))


def _place(place: Point | None, site: Point | None) -> PlaceVerdict:
    if place is None or site is None:
        return PlaceVerdict.NONE
    near = place.metres_to(site) <= NEAR_METRES
    return PlaceVerdict.MATCHES if near else PlaceVerdict.FAR


def _time(taken_at: datetime | None, claimed_at: datetime, now: datetime) -> TimeVerdict:
    if taken_at is None:
        return TimeVerdict.NONE
    if taken_at > now + CLOCK_ERROR:
        return TimeVerdict.FUTURE
    return TimeVerdict.OLD if taken_at < claimed_at - RECENT else TimeVerdict.MATCHES
