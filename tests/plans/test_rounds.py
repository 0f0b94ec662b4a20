"""Rounds are made on the day that they begin, once, and what was missed stays on record."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import transaction

from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Stale, WrongStage
from bihuan.inspections.actions import course as inspections
from bihuan.plans import queries
from bihuan.plans.actions import course, making, plans
from bihuan.plans.models import Kind, Planned, PlannedPost, Round
from bihuan.plans.refusals import NoPosts, NotInUnit, PlanStopped
from bihuan.sites.models import Site
from tests.factories import NOW, TODAY, make_officer, make_site, make_unit
from tests.plans.district import District, day, later, made, post_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> District:
    return District()


# -------------------------------------------------------------------- making
def test_a_round_is_made_on_its_first_day_with_each_site_that_matches(here: District) -> None:
    sites = here.sites(3)
    here.sites(1, kind="hotel")
    plan = here.plan(site_kinds=("school",))

    done = making.keep_up(now=NOW)

    round_ = Round.objects.get(plan=plan)
    assert (done.rounds, done.planned, done.failed) == (1, 3, 0)
    assert (round_.start_date, round_.complete_date) == (TODAY, day(9))
    assert set(round_.planned.values_list("site", flat=True)) == {site.pk for site in sites}
    assert Clock.objects.get(subject=round_.subject).outcome == "running"


def test_a_second_run_makes_nothing_twice(here: District) -> None:
    here.sites(2)
    here.plan()
    making.keep_up(now=NOW)

    again = making.keep_up(now=NOW)

    assert again.counts() == making.KeptUp().counts()
    assert Planned.objects.count() == 2


def test_a_run_that_stops_in_the_middle_loses_nothing_and_doubles_nothing(here: District) -> None:
    here.sites(2)
    plan = here.plan()
    with patch.object(making, "start", side_effect=RuntimeError):
        stopped = making.keep_up(now=NOW)
    assert (stopped.failed, Round.objects.count(), Planned.objects.count()) == (1, 0, 0)

    making.keep_up(now=NOW)

    assert states(Round.objects.get(plan=plan)) == ["due", "due"]


def test_no_round_is_made_before_its_window(here: District) -> None:
    here.sites(1)
    plan = here.plan(start_date=day(5))

    making.keep_up(now=later(4))
    assert not Round.objects.exists()

    assert made(plan, later(5)).start_date == day(5)


def test_each_month_has_a_round_and_the_earlier_one_gives_way(here: District) -> None:
    here.sites(1)
    plan = here.plan()
    first = made(plan)

    second = made(plan, later(30))

    first.refresh_from_db()
    assert second.start_date == day(30)
    assert first.ended_at == later(30)
    assert Clock.objects.get(subject=first.subject).outcome == "missed"
    assert states(first) == ["missed"]
    assert [row.round for row in queries.waiting_for(here.inspector, later(30))] == [second]


def test_windows_of_the_days_on_which_no_worker_ran_are_made_and_missed(here: District) -> None:
    here.sites(1)
    plan = here.plan()
    made(plan)

    making.keep_up(now=later(100))

    rounds = Round.objects.filter(plan=plan).order_by("start_date")
    assert [each.start_date for each in rounds] == [TODAY, day(30), day(61), day(91)]
    assert [states(each) for each in rounds] == [["missed"], ["missed"], ["missed"], ["due"]]


def test_a_site_that_appears_during_a_window_joins_it(here: District) -> None:
    here.sites(1)
    plan = here.plan()
    round_ = made(plan)
    here.sites(1)

    making.keep_up(now=later(1))
    making.keep_up(now=later(1))

    assert states(round_) == ["due", "due"]


def test_a_site_that_appears_after_the_window_waits_for_the_next_one(here: District) -> None:
    here.sites(1)
    plan = here.plan()
    round_ = made(plan)
    making.keep_up(now=later(12))
    here.sites(1)

    making.keep_up(now=later(13))

    assert states(round_) == ["missed"]


def test_what_is_due_at_a_site_that_closes_is_called_off(here: District) -> None:
    site, _other = here.sites(2)
    round_ = made(here.plan())
    Site.objects.filter(pk=site.pk).update(closed_at=NOW)

    done = making.keep_up(now=later(1))

    assert done.called_off == 1
    assert sorted(states(round_)) == ["called_off", "due"]


# -------------------------------------------------------------------- changing
def test_a_changed_plan_leaves_rounds_that_have_begun_as_they_are(here: District) -> None:
    here.sites(1)
    here.sites(1, kind="hotel")
    plan = here.plan(site_kinds=("school",))
    round_ = made(plan)
    plan.refresh_from_db()

    plans.change(
        plan=plan,
        outline=here.outline(site_kinds=("hotel",), title="旅馆检查"),
        actor=here.planner,
        now=later(1),
        version=plan.version,
    )
    second = made(plan, later(30))

    assert [row.site.kind for row in round_.planned.all()] == ["school"]
    assert [row.site.kind for row in second.planned.all()] == ["hotel"]
    assert (round_.title, second.title) == ("每月检查", "旅馆检查")


def test_a_plan_that_somebody_else_changed_is_not_overwritten(here: District) -> None:
    plan = here.plan()
    given = {"outline": here.outline(), "actor": here.planner, "now": NOW}
    plans.change(plan=plan, version=1, **given)  # type: ignore[arg-type]

    with pytest.raises(Stale):
        plans.change(plan=plan, version=1, **given)  # type: ignore[arg-type]


def test_a_stopped_plan_makes_no_more_rounds_and_is_not_changed(here: District) -> None:
    here.sites(1)
    plan = here.plan(start_date=day(5))
    plans.stop(plan=plan, reason="改为抽查", actor=here.planner, now=NOW)

    making.keep_up(now=later(60))

    assert not Round.objects.exists()
    with pytest.raises(PlanStopped):
        plans.stop(plan=plan, reason="再停", actor=here.planner, now=NOW)


def test_only_a_coordinator_of_the_unit_plans(here: District) -> None:
    for other in (here.inspector, make_officer(make_unit(), Power.COORDINATE)):
        with pytest.raises(NotAllowed):
            plans.keep(outline=here.outline(), actor=other, now=NOW)


def test_a_plan_reaches_no_unit_beside_its_own(here: District) -> None:
    with pytest.raises(NotInUnit):
        here.plan(areas=(make_unit(),))


@pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.JOINT])
def test_a_plan_without_enough_posts_is_refused(here: District, kind: Kind) -> None:
    with pytest.raises(NoPosts):
        here.plan(kind=kind, posts=() if kind is Kind.ORDINARY else (here.post,))


# ----------------------------------------------------------------- who inspects
def test_each_site_is_given_to_the_nearest_post_that_covers_it(here: District) -> None:
    above = post_of(make_officer(here.county, Power.VERIFY))
    near, far = make_site(here.town), make_site(make_unit(here.county))

    round_ = made(here.plan(posts=(here.post, above)))

    chosen = dict(
        PlannedPost.objects.filter(planned__round=round_).values_list("planned__site", "post")
    )
    assert chosen == {near.pk: here.post.pk, far.pk: above.pk}


def test_a_joint_inspection_is_given_to_all_posts_except_those_of_the_operator(
    here: District,
) -> None:
    school = make_unit(here.town)
    bureau = post_of(make_officer(make_unit(here.county), Power.VERIFY))
    own = post_of(make_officer(school, Power.REPORT))
    make_site(here.town, operator_unit=school)

    round_ = made(here.plan(kind=Kind.JOINT, posts=(here.post, bureau, own)))

    chosen = PlannedPost.objects.filter(planned__round=round_).values_list("post", flat=True)
    assert set(chosen) == {here.post.pk, bureau.pk}


# ---------------------------------------------------------------------- course
def test_an_inspection_is_begun_once_and_done_when_it_ends(here: District) -> None:
    here.sites(1)
    row = made(here.plan()).planned.get()

    first = course.begin(planned=row, actor=here.inspector, now=later(1))
    again = course.begin(planned=row, actor=here.inspector, now=later(1))

    row.refresh_from_db()
    assert first == again == row.inspection
    assert (row.state, first.kind, first.unit) == ("begun", "ordinary", here.town)


def test_the_last_one_done_in_time_ends_the_round_and_meets_its_clock(here: District) -> None:
    here.sites(1)
    round_ = made(here.plan())
    row = round_.planned.get()
    inspection = course.begin(planned=row, actor=here.inspector, now=later(1))

    _end(inspection, later(2))

    row.refresh_from_db()
    round_.refresh_from_db()
    assert (row.state, row.ended_at, row.missed_at) == ("done", later(2), None)
    assert round_.ended_at == later(2)
    assert Clock.objects.get(subject=round_.subject).outcome == "met"


def test_what_was_missed_stays_missed_although_it_is_done_later(here: District) -> None:
    here.sites(1)
    round_ = made(here.plan())
    row = round_.planned.get()
    making.keep_up(now=later(10))
    row.refresh_from_db()
    assert (row.state, row.missed_at) == ("missed", later(10))

    inspection = course.begin(planned=row, actor=here.inspector, now=later(11))
    _end(inspection, later(12))

    row.refresh_from_db()
    assert (row.state, row.missed_at) == ("done", later(10))
    assert Clock.objects.get(subject=round_.subject).outcome == "late"


def test_an_inspection_that_is_given_up_is_due_again(here: District) -> None:
    here.sites(1)
    row = made(here.plan()).planned.get()
    inspection = course.begin(planned=row, actor=here.inspector, now=later(1))

    inspections.abandon(inspection=inspection, actor=here.inspector, reason="停电", now=later(1))

    row.refresh_from_db()
    assert row.state == "due"
    assert course.begin(planned=row, actor=here.inspector, now=later(2)).pk != inspection.pk


def test_only_the_posts_that_were_planned_begin_it(here: District) -> None:
    here.sites(1)
    row = made(here.plan()).planned.get()
    colleague = make_officer(here.town, Power.VERIFY)

    with pytest.raises(NotAllowed):
        course.begin(planned=row, actor=colleague, now=NOW)


def test_what_was_called_off_or_done_is_not_called_off_again(here: District) -> None:
    here.sites(1)
    row = made(here.plan()).planned.get()
    course.call_off(planned=row, reason="停业", actor=here.planner, now=NOW)

    with pytest.raises(WrongStage):
        course.call_off(planned=row, reason="停业", actor=here.planner, now=NOW)
    with pytest.raises(WrongStage):
        course.begin(planned=row, actor=here.inspector, now=NOW)


def test_an_inspection_can_be_given_to_another_post(here: District) -> None:
    here.sites(1)
    row = made(here.plan()).planned.get()
    other = make_officer(here.town, Power.VERIFY)

    course.give(planned=row, posts=[post_of(other)], actor=here.planner, now=NOW)

    assert list(queries.waiting_for(other, NOW)) == [row]
    assert list(queries.waiting_for(here.inspector, NOW)) == []


def _end(inspection, now) -> None:  # type: ignore[no-untyped-def]
    from bihuan.inspections.models import Inspection
    from bihuan.plans.actions.course import follow

    Inspection.objects.filter(pk=inspection.pk).update(stage="done", done_at=now)
    inspection.refresh_from_db()
    with transaction.atomic():
        follow(inspection, None, now)
