"""A draw by lot: the seed comes first, conflicts are left out, and the result can be repeated."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bihuan.core.draw import BadSeed, NotEnough, commitment
from bihuan.core.inspection import Kind
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.inspections.actions import recording
from bihuan.inspections.actions.recording import PaperRecord
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import Post
from bihuan.plans import queries
from bihuan.plans.actions import draws
from bihuan.plans.actions.draws import DrawOpening, Inspecting
from bihuan.plans.models import Draw, Planned, PlannedPost, Round
from bihuan.plans.refusals import AlreadyDrawn, Cancelled, NoPosts, NoSites
from tests.factories import NOW, TODAY, make_inspection, make_officer, make_site, make_unit
from tests.plans.district import District, day, post_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> District:
    return District()


def _drawn(here: District, draw: Draw | None = None, **extent: Any) -> Draw:
    draw = draw or here.draw()
    draws.draw_sites(
        draw=draw,
        inspecting=here.inspecting(),
        extent=here.extent(**extent),
        actor=here.planner,
        now=NOW,
    )
    draw.refresh_from_db()
    return draw


def _keys(draw: Draw) -> list[str]:
    return [key for key, _posts in json.loads(draw.result)]


# ------------------------------------------------------------------- the result
def test_what_is_drawn_is_planned_by_the_post_that_was_drawn(here: District) -> None:
    here.sites(5)

    draw = _drawn(here)

    round_ = Round.objects.get(draw=draw)
    assert states(round_) == ["due", "due"]
    assert set(round_.planned.values_list("site__code", flat=True)) == set(_keys(draw))
    assert list(queries.waiting_for(here.inspector, NOW)) == list(round_.planned.order_by("pk"))


def test_the_seed_and_the_pool_on_record_draw_the_same_again(here: District) -> None:
    here.sites(9)
    second = post_of(make_officer(here.town, Power.VERIFY))
    draw = _drawn(here, number=5, posts=(here.post, second))

    here.sites(4)  # what changes afterwards changes nothing

    assert [[key, posts] for key, posts in draws.repeated(draw).items()] == json.loads(draw.result)


def test_a_share_of_the_pool_is_rounded_up(here: District) -> None:
    here.sites(5)

    assert len(_keys(_drawn(here, number=None, percent=30))) == 2


def test_a_site_with_a_higher_risk_has_more_tickets(here: District) -> None:
    site, _other = here.sites(2)
    _make_risk(site, "red")

    draw = _drawn(here, is_weighted=True)

    weights = {key: weight for key, _name, weight in json.loads(draw.pool)["candidates"]}
    assert weights[site.code] == 8
    assert sorted(weights.values()) == [1, 8]


# --------------------------------------------------------------------- the seed
def test_a_seed_of_the_system_is_known_by_its_digest_before_the_draw(here: District) -> None:
    opening = DrawOpening(here.county, "抽查", Draw.Purpose.INSPECT, Draw.Origin.SYSTEM)

    draw = draws.open_draw(opening=opening, actor=here.planner, now=NOW)

    assert len(draw.seed) == 32
    assert draw.commitment == commitment(draw.seed)
    assert draw.is_open


@pytest.mark.parametrize(
    ("seed", "source", "refusal"),
    [("", "福彩", BadSeed), ("%s\\n", "福彩", BadSeed), ("2026", " ", Missing)],
)
def test_a_public_seed_is_typed_with_where_it_comes_from(
    here: District, seed: str, source: str, refusal: type[Exception]
) -> None:
    opening = DrawOpening(
        here.county, "抽查", Draw.Purpose.INSPECT, Draw.Origin.PUBLIC, seed, source
    )

    with pytest.raises(refusal):
        draws.open_draw(opening=opening, actor=here.planner, now=NOW)


def test_only_a_coordinator_of_the_unit_draws(here: District) -> None:
    here.sites(2)
    draw = here.draw()

    with pytest.raises(NotAllowed):
        draws.draw_sites(
            draw=draw,
            inspecting=here.inspecting(),
            extent=here.extent(),
            actor=here.inspector,
            now=NOW,
        )


# ----------------------------------------------------------- conflicts of interest
def test_posts_of_the_operator_and_of_the_unit_above_it_are_left_out(here: District) -> None:
    school = make_unit(here.town)
    own = post_of(make_officer(school, Power.VERIFY))
    county = post_of(make_officer(here.county, Power.VERIFY))
    site = make_site(here.town, operator_unit=school)

    draw = _drawn(here, number=1, posts=(here.post, own, county))

    assert _posts(draw) == {county}
    assert json.loads(draw.excluded)["conflicts"][site.code] == {
        f"P{here.post.pk}": "above_operator",
        f"P{own.pk}": "operates",
    }


def test_a_post_that_stands_back_is_drawn_for_nothing(here: District) -> None:
    here.sites(4)
    second = post_of(make_officer(here.town, Power.VERIFY))
    draw = here.draw()
    given: dict[str, Any] = {"draw": draw, "post": here.post, "actor": here.planner, "now": NOW}
    draws.declare(site=None, reason="亲属在该单位任职", **given)
    draws.declare(site=None, reason="再次申明", **given)

    _drawn(here, draw, number=4, posts=(here.post, second))

    assert _posts(draw) == {second}
    assert draw.conflicts.count() == 1


def test_a_post_that_stands_back_from_one_site_may_take_the_others(here: District) -> None:
    site, other = here.sites(2)
    second = post_of(make_officer(here.town, Power.VERIFY))
    draw = here.draw()
    draws.declare(draw=draw, post=here.post, site=site, reason="亲属", actor=here.planner, now=NOW)

    _drawn(here, draw, number=2, posts=(here.post, second))

    taken = dict(PlannedPost.objects.values_list("planned__site", "post"))
    assert taken[site.pk] == second.pk
    assert other.pk in taken


def test_a_site_without_enough_posts_leaves_the_pool_with_its_reason(here: District) -> None:
    school = make_unit(here.town)
    site = make_site(here.town, operator_unit=school)
    make_site(here.town)

    draw = _drawn(here, number=1)

    assert json.loads(draw.excluded)["left_out"] == [[site.code, site.name, "no_post"]]


def _drawn_sparing_the_inspected(here: District) -> Draw:
    usual = here.inspecting()
    lately = Inspecting(usual.selection, usual.checklist, usual.kind, TODAY - timedelta(days=30))
    draw = here.draw()
    draws.draw_sites(
        draw=draw, inspecting=lately, extent=here.extent(number=1), actor=here.planner, now=NOW
    )
    draw.refresh_from_db()
    return draw


def test_sites_inspected_lately_are_left_out(here: District) -> None:
    site, _other = here.sites(2)
    done = make_inspection(site)
    Inspection.objects.filter(pk=done.pk).update(stage="done", done_at=NOW)

    draw = _drawn_sparing_the_inspected(here)

    assert site.code not in _keys(draw)
    assert json.loads(draw.excluded)["left_out"] == [[site.code, site.name, "inspected"]]


def test_a_record_on_paper_spares_no_site(here: District) -> None:
    site, _other = here.sites(2)
    told = PaperRecord(site, site.unit, TODAY, "校园消防", Kind.ORDINARY, 0, "")
    recording.take_in(told=told, source="台账.xlsx", actor=None, now=NOW)

    draw = _drawn_sparing_the_inspected(here)

    assert json.loads(draw.excluded)["left_out"] == []


# ------------------------------------------------------------- kept, not repeated
def test_a_draw_is_made_once_and_stays_on_record_when_it_is_cancelled(here: District) -> None:
    here.sites(3)
    draw = _drawn(here)
    with pytest.raises(AlreadyDrawn):
        _drawn(here, draw)

    other = make_officer(here.county, Power.COORDINATE)
    draws.cancel(draw=draw, reason="清单有误", actor=other, now=NOW)

    draw.refresh_from_db()
    assert (len(_keys(draw)), draw.reason) == (2, "清单有误")
    assert states(Round.objects.get(draw=draw)) == ["called_off", "called_off"]
    assert draw in queries.draws_seen_by(here.planner, NOW)
    with pytest.raises(Cancelled):
        draws.cancel(draw=draw, reason="再次", actor=here.planner, now=NOW)


def test_a_draw_that_finds_too_few_stays_open_and_draws_nothing(here: District) -> None:
    draw = here.draw()
    with pytest.raises(NoSites):
        _drawn(here, draw)
    here.sites(1)
    with pytest.raises(NotEnough):
        _drawn(here, draw)
    with pytest.raises(NoPosts):
        _drawn(here, draw, number=1, posts=())

    draw.refresh_from_db()
    assert draw.is_open
    assert not Planned.objects.exists()


def test_a_draw_is_to_be_complete_no_earlier_than_today(here: District) -> None:
    from bihuan.core.recurrence import RuleRefused

    here.sites(2)
    with pytest.raises(RuleRefused):
        _drawn(here, start_date=day(-5), complete_date=day(-1))


def _posts(draw: Draw) -> set[Post]:
    drawn = PlannedPost.objects.filter(planned__round__draw=draw).values("post")
    return set(Post.objects.filter(pk__in=drawn))


def _make_risk(site: Any, colour: str) -> None:
    from bihuan.risks.models import RiskPoint

    RiskPoint.objects.create(
        site=site, title="锅炉", harm="爆炸", likelihood=5, consequence=5, colour=colour,
        matrix="5x5/1",
    )  # fmt: skip
