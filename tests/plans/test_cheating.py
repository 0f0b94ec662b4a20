"""What was missed cannot be made to vanish, and no draw be repeated until it suits."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core import draw as core
from bihuan.core.hazard import Stage
from bihuan.core.lifecycle import Side
from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, User
from bihuan.plans.actions import course, draws, plans, reviews
from bihuan.plans.acts import Act
from bihuan.plans.models import Draw, Planned, Review, Round
from bihuan.plans.queries.pools import Closed
from bihuan.plans.refusals import DrewIt, InspectsIt, TookPart
from tests.factories import NOW, TODAY, make_case, make_cast, make_officer, make_photo
from tests.plans.district import District, day, later, made, post_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> District:
    return District()


@pytest.fixture
def second(here: District) -> User:
    return make_officer(here.county, Power.COORDINATE)


def drawn(here: District, draw: Draw | None = None) -> Draw:
    given = draw or here.draw()
    draws.draw_sites(
        draw=given, inspecting=here.inspecting(), extent=here.extent(), actor=here.planner, now=NOW
    )
    given.refresh_from_db()
    return given


def represents(user: User, other: User) -> None:
    held = Tenure.objects.get(member=other)
    Tenure.with_stand_ins.create(
        member=user, post=held.post, holder_tenure=held, start_date=TODAY, end_date=TODAY
    )


# ----------------------------------------------------------------------------- draws
def test_a_public_seed_does_not_give_the_result_away(here: District) -> None:
    sites = here.sites(12)
    draw = drawn(here)

    found = core.drawn(draw.lots, [core.Candidate(site.code) for site in sites], 2)

    assert draw.lots == core.lots(draw.seed, draw.pool, draw.salt) != draw.seed
    assert [key for key, _posts in json.loads(draw.result)] == found


def test_two_draws_with_one_seed_and_one_pool_have_tickets_of_their_own(here: District) -> None:
    here.sites(3)

    first, again = drawn(here), drawn(here)

    assert first.seed == again.seed
    assert first.pool == again.pool
    assert first.lots != again.lots


def test_a_draw_is_repeated_from_what_was_printed(here: District) -> None:
    here.sites(9)
    draw = drawn(here)

    assert [[key, posts] for key, posts in draws.repeated(draw).items()] == json.loads(draw.result)


def test_who_drew_does_not_cancel_what_was_drawn(here: District, second: User) -> None:
    here.sites(3)
    draw = drawn(here)

    with pytest.raises(DrewIt):
        draws.cancel(draw=draw, reason="重抽", actor=here.planner, now=NOW)

    assert Round.objects.get(draw=draw).planned.filter(state="due").count() == 2
    draws.cancel(draw=draw, reason="清单有误", actor=second, now=NOW)


def test_nor_does_who_stands_in_for_who_drew(here: District, second: User) -> None:
    here.sites(3)
    draw = drawn(here)
    represents(second, here.planner)

    with pytest.raises(DrewIt):
        draws.cancel(draw=draw, reason="重抽", actor=second, now=NOW)


def test_who_drew_cancels_what_was_not_drawn_yet(here: District) -> None:
    draw = here.draw()

    assert draws.cancel(draw=draw, reason="不用了", actor=here.planner, now=NOW).cancelled_at == NOW


def test_who_drew_calls_off_nothing_of_it(here: District, second: User) -> None:
    here.sites(3)
    row = Planned.objects.filter(round__draw=drawn(here)).first()
    assert row is not None

    with pytest.raises(DrewIt):
        course.call_off(planned=row, reason="不方便", actor=here.planner, now=NOW)

    course.call_off(planned=row, reason="已停业", actor=second, now=NOW)


# ------------------------------------------------------------------- what is planned
def test_who_is_to_inspect_does_not_call_it_off(here: District) -> None:
    both = make_officer(here.county, Power.COORDINATE, Power.REPORT)
    here.sites(1)
    row = made(here.plan(posts=(post_of(both),))).planned.get()

    with pytest.raises(InspectsIt):
        course.call_off(planned=row, reason="太忙", actor=both, now=NOW)

    course.call_off(planned=row, reason="已停业", actor=here.planner, now=NOW)


def test_what_ends_after_its_last_day_was_missed_before_the_worker_says_so(here: District) -> None:
    here.sites(2)
    first, second = made(here.plan()).planned.order_by("pk")
    after = later(11)

    course.call_off(planned=first, reason="已停业", actor=here.planner, now=after)
    course.begin(planned=second, actor=here.inspector, now=after)
    with transaction.atomic():
        course.end(course.locked(second.pk), Act.END, here.inspector, after)

    for row in (first, second):
        row.refresh_from_db()
        assert row.missed_at == after


@pytest.mark.parametrize("how", ["stop", "change"])
def test_a_window_that_has_begun_is_not_taken_away(here: District, how: str) -> None:
    here.sites(1)
    plan = here.plan()
    assert not Round.objects.exists()

    if how == "stop":
        plans.stop(plan=plan, reason="改为抽查", actor=here.planner, now=later(2))
    else:
        plans.change(
            plan=plan, outline=here.outline(start_date=day(20)), actor=here.planner, now=later(2),
            version=1,
        )  # fmt: skip

    assert states(Round.objects.get(plan=plan, start_date=TODAY)) == ["due"]


# --------------------------------------------------------------------- looking back
def review(here: District, looker: User) -> Review:
    make_case(here.town, stage=Stage.CLOSED, cast=make_cast(here.town))
    draw = here.draw(purpose=Draw.Purpose.LOOK_BACK)
    closed = Closed(here.county, from_date=day(-30), until_date=TODAY)
    extent = replace(here.extent(number=1), posts=(post_of(looker),))
    draws.draw_cases(draw=draw, closed=closed, extent=extent, actor=here.planner, now=NOW)
    return Review.objects.get()


def test_who_took_part_by_another_post_does_not_look_back(here: District) -> None:
    looker = make_officer(here.county, Power.VERIFY)
    row = review(here, looker)
    case = Case.objects.get(number=row.case_number)
    loop.take_side(case, looker, here.town, Side.CHECK)

    with pytest.raises(TookPart):
        reviews.find_holding(review=row, note="完好", photos=[make_photo()], actor=looker, now=NOW)
    with pytest.raises(TookPart):
        reviews.find_rebound(review=row, note="又坏了", actor=looker, now=NOW)


def test_neither_who_looks_back_nor_who_drew_calls_it_off(here: District, second: User) -> None:
    both = make_officer(here.county, Power.COORDINATE, Power.VERIFY)
    row = review(here, both)

    with pytest.raises(InspectsIt):
        reviews.call_off(review=row, reason="太远", actor=both, now=NOW)
    with pytest.raises(DrewIt):
        reviews.call_off(review=row, reason="太远", actor=here.planner, now=NOW)

    reviews.call_off(review=row, reason="已重新打开", actor=second, now=NOW)
