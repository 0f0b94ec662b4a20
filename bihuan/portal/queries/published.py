"""Find publications similar to what a person is about to report."""

from __future__ import annotations

from bihuan.core import wordlike
from bihuan.core.places import Point
from bihuan.receipts.models import Publication

CANDIDATES = 300
NEAR_METRES = 500
LIKE_ENOUGH = 0.3
SHOWN = 3


def like(title: str, place: str, point: Point | None) -> list[Publication]:
    """Return at most three published problems with similar words, or near and somewhat similar;
    best first.

    Only the texts of publications are read, never those of cases.
    """
    shown = Publication.objects.filter(withdrawn_at=None).order_by("-published_at")
    scored = [(_likeness(each, title, place, point), each) for each in shown[:CANDIDATES]]
    alike = [pair for pair in scored if pair[0] >= LIKE_ENOUGH]
    return [each for _, each in sorted(alike, key=lambda pair: -pair[0])[:SHOWN]]


def _likeness(each: Publication, title: str, place: str, point: Point | None) -> float:
    score = wordlike.likeness(title, f"{each.title} {each.text[:200]}")
    if not score:
        return 0.0
    there = each.point
    if point and there:
        metres = point.metres_to(there)
        return score + (1 - metres / NEAR_METRES) / 2 if metres < NEAR_METRES else 0.0
    return score + wordlike.likeness(place, each.place) / 2
