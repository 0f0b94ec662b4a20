"""Looking back at closed hazards: by posts that neither fixed nor verified them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Evidence, Exclusion
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, WrongStage
from bihuan.orgs.models import User
from bihuan.plans import queries
from bihuan.plans.actions import draws, making, reviews
from bihuan.plans.models import Draw, Review, Round
from bihuan.plans.queries.pools import Closed
from bihuan.plans.refusals import NoSites, PhotoNeeded
from tests.factories import NOW, TODAY, make_case, make_cast, make_officer, make_photo
from tests.plans.district import District, day, later, post_of
from tests.sitemap import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> District:
    return District()


@pytest.fixture
def looker(here: District) -> User:
    return make_officer(here.county, Power.VERIFY, name="周回看")


def _closed(here: District, **given: Any) -> Case:
    return make_case(here.town, stage=Stage.CLOSED, **given)


def _draw(here: District, *lookers: User, number: int = 1, **closed: Any) -> Round:
    draw = here.draw(purpose=Draw.Purpose.LOOK_BACK)
    period = {"from_date": day(-30), "until_date": TODAY} | closed
    return draws.draw_cases(
        draw=draw,
        closed=Closed(here.county, **period),
        extent=here.extent(number=number, posts=tuple(map(post_of, lookers))),
        actor=here.planner,
        now=NOW,
    )


def test_a_closed_hazard_is_given_to_a_post_that_took_no_part(here: District, looker: User) -> None:
    cast = make_cast(here.town)
    case = _closed(here, cast=cast)

    round_ = _draw(here, cast.verifier, looker, here.inspector)

    row = round_.reviews.get()
    assert (row.case_number, row.post, row.verdict) == (case.number, post_of(looker), "due")
    barred = json.loads(round_.draw.excluded)["conflicts"][case.number]  # type: ignore[union-attr]
    assert barred == {f"P{post_of(u).pk}": "fixed" for u in (cast.verifier, here.inspector)}


def test_cases_outside_the_period_and_open_ones_are_not_in_the_pool(
    here: District, looker: User
) -> None:
    _closed(here)
    make_case(here.town, stage=Stage.VERIFIED)

    with pytest.raises(NoSites):
        _draw(here, looker, from_date=day(-30), until_date=day(-1))


def test_a_major_hazard_has_more_tickets(here: District, looker: User) -> None:
    from bihuan.plans.queries.pools import weight_of

    hazard = _closed(here).hazard
    assert weight_of(hazard) == 1
    hazard.grade, hazard.rebounds = Grade.MAJOR, 1
    assert weight_of(hazard) == 8


def test_a_fix_that_holds_is_shown_by_a_photo_and_rechecks_the_case(
    here: District, looker: User
) -> None:
    case = _closed(here)
    round_ = _draw(here, looker)
    row = round_.reviews.get()
    with pytest.raises(PhotoNeeded):
        reviews.find_holding(review=row, note="完好", photos=[], actor=looker, now=NOW)

    reviews.find_holding(review=row, note="完好", photos=[make_photo()], actor=looker, now=NOW)

    row.refresh_from_db()
    case.refresh_from_db()
    round_.refresh_from_db()
    assert (row.verdict, case.stage) == ("holds", Stage.RECHECKED)
    assert round_.ended_at == NOW
    assert Clock.objects.get(subject=round_.subject).outcome == "met"


def test_a_rebound_reopens_the_case(here: District, looker: User) -> None:
    case = _closed(here)
    row = _draw(here, looker).reviews.get()

    reviews.find_rebound(review=row, note="灯又坏了", actor=looker, now=NOW)

    row.refresh_from_db()
    case.refresh_from_db()
    assert (row.verdict, case.stage) == ("rebound", Stage.CONFIRMED)
    assert case.hazard.rebounds == 1


def test_only_the_post_that_was_drawn_judges_and_only_once(here: District, looker: User) -> None:
    _closed(here)
    row = _draw(here, looker).reviews.get()
    with pytest.raises(NotAllowed):
        reviews.find_rebound(review=row, note="坏", actor=here.planner, now=NOW)

    reviews.find_rebound(review=row, note="坏", actor=looker, now=NOW)

    with pytest.raises(WrongStage):
        reviews.find_rebound(review=row, note="坏", actor=looker, now=NOW)


def test_a_case_that_has_moved_on_is_called_off_by_who_planned_it(
    here: District, looker: User
) -> None:
    from bihuan.hazards.actions import reporting

    case = _closed(here)
    row = _draw(here, looker).reviews.get()
    reporting.reopen(case=case, actor=looker, now=NOW, note="又坏")
    with pytest.raises(WrongStage):
        reviews.find_rebound(review=row, note="坏", actor=looker, now=NOW)

    reviews.call_off(review=row, reason="已重新立案", actor=here.planner, now=NOW)

    assert Review.objects.get().verdict == "called_off"
    assert list(queries.reviews_for(looker, NOW)) == []


def test_what_was_not_looked_back_at_in_time_stays_marked(here: District, looker: User) -> None:
    _closed(here)
    row = _draw(here, looker).reviews.get()

    making.keep_up(now=later(11))

    row.refresh_from_db()
    assert (row.verdict, row.missed_at) == ("due", later(11))
    assert list(queries.reviews_for(looker, later(11))) == [row]


def test_the_pages_of_a_draw_have_no_title_of_a_case_that_is_shut_to_the_officer(
    here: District, looker: User, client: Client
) -> None:
    shut, known = (_closed(here, title=title) for title in ("牌坊下的裂缝", "桥面的坑"))
    draw = _draw(here, looker, number=2).draw
    assert draw is not None
    Exclusion.objects.create(case=shut, member=here.planner, cause="interest", added_at=NOW)
    client.force_login(here.planner)

    for name in ("draw", "repeat-draw", "export-draw"):
        page = text_of(client.get(reverse(f"plans:{name}", args=[draw.pk])))
        assert shut.number in page
        assert known.title in page
        assert shut.title not in page


def test_the_form_shows_the_case_with_the_photos_of_its_fix(
    client: Client, here: District, looker: User
) -> None:
    case = _closed(here)
    round_ = _draw(here, looker)
    client.force_login(looker)

    shown = client.get(reverse("plans:judge", args=[round_.reviews.get().pk])).content.decode()

    fix = Evidence.objects.filter(case=case, phase="after").values_list("pk", flat=True)
    assert case.place in shown
    assert fix
    for pk in fix:
        assert reverse("desk:evidence", args=[case.number, pk]) in shown
