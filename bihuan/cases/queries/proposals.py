"""Which posts are proposed for a case, from what was done before: the first one is preselected."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import QuerySet

from bihuan.cases.models import Case
from bihuan.orgs.models import Post

MOST = 3
# Earlier cases of the unit that are looked at.
LOOKED_AT = 200


class Why(Enum):
    PLACE = auto()  # it had the last case at this place
    CATEGORY = auto()  # it had the last case of this category in this unit
    LAST = auto()  # it had the last case of this unit
    UNIT = auto()  # it handles cases in the unit where this one was found, or in one above


@dataclass(frozen=True)
class Proposal:
    post: int
    why: Why
    # The earlier case with which it is explained.
    number: str = ""


def proposals(case: Case, posts: Collection[Post], sight: QuerySet[Case]) -> list[Proposal]:
    """Return the best of these posts for the case, at most three, the best first.

    Only cases in the officer's `sight` count, because the proposal names one.
    """
    found: dict[int, Proposal] = {}
    for each in _found(case, posts, sight):
        found.setdefault(each.post, each)
        if len(found) == MOST:
            break
    return list(found.values())


def _found(case: Case, posts: Collection[Post], sight: QuerySet[Case]) -> Iterator[Proposal]:
    offered = {post.pk for post in posts}
    earlier = sight.filter(kind=case.kind, post__in=offered).exclude(pk=case.pk)
    if case.place:
        here = earlier.filter(place=case.place).order_by("-reported_at")
        for post, number in here.values_list("post_id", "number")[:MOST]:
            yield Proposal(post, Why.PLACE, number)
    near = sight.filter(kind=case.kind, origin=case.origin_id).exclude(pk=case.pk)
    rows = near.order_by("-reported_at", "-pk").values_list("post_id", "number", "category")
    last = [row for row in rows[:LOOKED_AT] if row[0] in offered]
    for post, number, category in last:
        if category and category == case.category:
            yield Proposal(post, Why.CATEGORY, number)
    yield from (Proposal(post, Why.LAST) for post, _number, _category in last)
    for post_ in _nearest(case, posts):
        yield Proposal(post_.pk, Why.UNIT)


def _nearest(case: Case, posts: Collection[Post]) -> list[Post]:
    """Return the posts of the unit where the case was found, then of the units above it."""
    above = [post for post in posts if case.origin.path.startswith(post.unit.path)]
    return sorted(above, key=lambda post: -len(post.unit.path))
