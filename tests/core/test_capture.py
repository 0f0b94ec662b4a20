"""What is said of a photo's time and place, and that nothing else is kept."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from bihuan.core.capture import Capture, PlaceVerdict, TimeVerdict, Verdict, compare_capture
from bihuan.core.places import Point

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
CLAIMED = NOW - timedelta(days=5)
SITE = Point(30.5, 120.5)


@pytest.mark.parametrize(
    ("place", "site", "verdict"),
    [
        (Point(30.5, 120.5), SITE, PlaceVerdict.MATCHES),
        (Point(30.507, 120.5), SITE, PlaceVerdict.MATCHES),
        (Point(30.508, 120.5), SITE, PlaceVerdict.FAR),
        (Point(-30.5, 120.5), SITE, PlaceVerdict.FAR),
        (None, SITE, PlaceVerdict.NONE),
        (Point(30.5, 120.5), None, PlaceVerdict.NONE),
    ],
)
def test_a_place_matches_within_eight_hundred_metres(
    place: Point | None, site: Point | None, verdict: PlaceVerdict
) -> None:
    found = compare_capture(Capture(place=place), site=site, claimed_at=CLAIMED, now=NOW)

    assert found.place is verdict


@pytest.mark.parametrize(
    ("taken_at", "verdict"),
    [
        (CLAIMED - timedelta(hours=48, seconds=1), TimeVerdict.OLD),
        (CLAIMED - timedelta(hours=48), TimeVerdict.MATCHES),
        (NOW + timedelta(minutes=15), TimeVerdict.MATCHES),
        (NOW + timedelta(minutes=15, seconds=1), TimeVerdict.FUTURE),
        (None, TimeVerdict.NONE),
    ],
)
def test_a_time_matches_from_two_days_before_the_claim_until_now(
    taken_at: datetime | None, verdict: TimeVerdict
) -> None:
    found = compare_capture(Capture(taken_at), site=None, claimed_at=CLAIMED, now=NOW)

    assert found.time is verdict


def test_a_verdict_holds_no_position() -> None:
    assert {field.name for field in fields(Verdict)} == {"place", "time"}
    assert {*PlaceVerdict, *TimeVerdict} == {
        "place_matches", "place_far", "no_place",
        "time_matches", "time_old", "time_future", "no_time",
    }  # fmt: skip
