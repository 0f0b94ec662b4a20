"""What is offered as similar: open, or ended of late, and never what was rejected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases import likeness
from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from tests.factories import NOW, Cast, make_case

pytestmark = pytest.mark.django_db

TITLE, PLACE = "安全出口被杂物堵住", "食堂后门"


def found(cast: Cast, *, later: timedelta = timedelta(0)) -> list[Case]:
    return likeness.similar(user=cast.coordinator, now=NOW + later, title=TITLE, place=PLACE)


def made(cast: Cast, stage: Stage) -> Case:
    return make_case(cast.post.unit, cast=cast, stage=stage, title=TITLE, place=PLACE)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.REJECTED])
def test_a_like_case_is_offered_at_every_stage_of_its_work(cast: Cast, stage: Stage) -> None:
    case = made(cast, stage)

    assert found(cast) == [case]


def test_what_was_rejected_is_never_offered(cast: Cast) -> None:
    made(cast, Stage.REJECTED)

    assert found(cast) == []


def test_what_ended_is_offered_only_as_long_as_it_may_be_a_rebound(cast: Cast) -> None:
    closed = made(cast, Stage.CLOSED)
    span = timedelta(days=likeness.REBOUND_DAYS)

    assert found(cast, later=span) == [closed]
    assert found(cast, later=span + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("title", "place", "is_offered"),
    [
        ("出口上锁", PLACE, True),  # two characters in common, at the same place
        ("出口上锁", "食堂后门北侧的路口", False),
        ("安全出口被锁", "食堂后门北侧的路口", True),
        ("墙体开裂", PLACE, False),
    ],
)
def test_it_takes_more_in_common_than_the_place(
    cast: Cast, title: str, place: str, is_offered: bool
) -> None:
    make_case(cast.post.unit, cast=cast, stage=Stage.REPORTED, title=title, place=place)

    assert bool(found(cast)) is is_offered
