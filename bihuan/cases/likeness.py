"""Find cases that may be about the same problem: similar in subject, and near."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from bihuan.cases.models import Case
from bihuan.cases.queries import known_beside, visible_to
from bihuan.core import wordlike
from bihuan.core.places import Point
from bihuan.orgs.models import User

NEAR_METRES = 300
REBOUND_DAYS = 180
LIKE_ENOUGH = 0.3
CANDIDATES = 500
# At the same place two characters in common are enough, elsewhere nearby it takes more.
SAME_PLACE, SAME_METRES = 0.8, 50
ELSEWHERE = 2


def similar(
    *,
    user: User,
    now: datetime,
    title: str,
    place: str,
    point: Point | None = None,
    exclude: int | None = None,
) -> list[Case]:
    """Return at most five similar cases nearby, open or recently closed, best first.

    Found by place and subject only, never by who reported. Without a point, places with similar
    names count as near. A recently closed one may have recurred (反弹).
    """
    recent = Q(ended_at=None) | Q(ended_at__gte=now - timedelta(days=REBOUND_DAYS))
    near = Q(cell__in=point.cells_around(NEAR_METRES)) | Q(cell=None) if point else Q()
    candidates = (
        visible_to(user, now).filter(recent, near).exclude(stage="rejected").select_related("owner")
    )
    scored = []
    for case in candidates.order_by("-reported_at", "-id")[:CANDIDATES]:
        if case.pk == exclude:
            continue
        score = _likeness(case, title, place, point)
        if score >= LIKE_ENOUGH:
            scored.append((score, case))
    scored.sort(key=lambda pair: -pair[0])
    return [case for _, case in scored[:5]]


def reported_beside(
    *, user: User, now: datetime, title: str, place: str, point: Point | None = None
) -> list[str]:
    """Return the numbers of at most two open public reports of the same problem at the same place
    that the officer does not see: enough not to report it again, and nothing of their content.
    """
    near = Q(cell__in=point.cells_around(NEAR_METRES)) | Q(cell=None) if point else Q()
    candidates = known_beside(user, now).filter(near).order_by("-reported_at", "-id")
    scored = [
        (wordlike.likeness(title, case.title), case.number)
        for case in candidates[:CANDIDATES]
        if _likeness(case, title, place, point)
    ]
    alike = sorted((pair for pair in scored if pair[0] >= LIKE_ENOUGH), reverse=True)
    return [number for _, number in alike[:2]]


def _likeness(case: Case, title: str, place: str, point: Point | None) -> float:
    """Return how alike the subject and the place are; 0 where only the place is."""
    text = f"{case.title} {case.description[:200]}"
    shared = len(wordlike.common(title, text, apart=f"{place} {case.place}"))
    there = case.point
    if point and there:
        metres = point.metres_to(there)
        near, is_same = max(0.0, 1 - metres / NEAR_METRES), metres <= SAME_METRES
    else:
        where = wordlike.likeness(place, case.place)
        near, is_same = (where if where > LIKE_ENOUGH else 0.0), where >= SAME_PLACE
    if not near or shared < (1 if is_same else ELSEWHERE):
        return 0.0
    return wordlike.likeness(title, text) + near * 0.5
