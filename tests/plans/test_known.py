"""Who learns of a round: operators, the posts that inspect, and the levels above."""

from __future__ import annotations

import pytest

from bihuan.clocks.actions import ticking
from bihuan.core.powers import Power
from bihuan.core.recurrence import Every
from bihuan.notices.models import Notice
from bihuan.plans import queries
from bihuan.plans.actions import course
from bihuan.plans.models import Kind, Plan
from bihuan.plans.refusals import OthersDo
from tests.factories import NOW, make_officer, make_site, make_unit
from tests.plans.district import District, day, later, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> District:
    return District()


# ---------------------------------------------------------- unannounced, self-check
def test_an_unannounced_inspection_is_hidden_from_the_operator_until_it_begins(
    here: District,
) -> None:
    school = make_unit(here.town)
    head = make_officer(school, Power.HANDLE, Power.COORDINATE)
    make_site(here.town, operator_unit=school)
    row = made(here.plan(kind=Kind.UNANNOUNCED)).planned.get()
    assert list(queries.planned_seen_by(head, NOW)) == []
    assert list(queries.planned_seen_by(here.planner, NOW)) == [row]

    course.begin(planned=row, actor=here.inspector, now=NOW)

    assert list(queries.planned_seen_by(head, NOW)) == [row]


def test_an_announced_one_is_known_to_the_operator(here: District) -> None:
    school = make_unit(here.town)
    head = make_officer(school, Power.HANDLE)
    make_site(here.town, operator_unit=school)

    row = made(here.plan()).planned.get()

    assert list(queries.planned_seen_by(head, NOW)) == [row]


def test_a_self_check_is_made_by_the_operator_alone(here: District) -> None:
    school = make_unit(here.town)
    head = make_officer(school, Power.REPORT)
    make_site(here.town, operator_unit=school)
    make_site(here.town)
    row = made(here.plan(kind=Kind.SELF_CHECK, posts=())).planned.get()

    with pytest.raises(OthersDo):
        course.begin(planned=row, actor=here.inspector, now=NOW)

    assert list(queries.self_checks_for(head, NOW)) == [row]
    assert course.begin(planned=row, actor=head, now=NOW).kind == "self_check"


# ---------------------------------------------------------------------- notices
def test_the_posts_are_warned_once_with_how_many_are_left(here: District) -> None:
    here.sites(3)
    round_ = made(here.plan(days=10))

    ticking.tick(now=later(8))

    told = Notice.objects.filter(subject=round_.subject)
    assert [(each.member, each.what, each.detail["left"]) for each in told] == [
        (here.inspector, "warning", 3)
    ]


def test_what_is_overdue_is_told_to_who_planned_it_and_then_to_the_level_above(
    here: District,
) -> None:
    here.county.refresh_from_db()
    here.sites(1)
    round_ = made(here.plan())

    ticking.tick(now=later(11))

    told = Notice.objects.filter(subject=round_.subject, what="overdue")
    assert {each.member for each in told} == {here.inspector, here.planner}


def test_holidays_make_windows_that_end_on_the_last_working_day(here: District) -> None:
    here.sites(1)
    plan = here.plan(every=Every.LONG_HOLIDAY, days=5)

    round_ = made(plan, later(11))

    assert (round_.start_date, round_.complete_date) == (day(11), day(15))
    assert Plan.objects.get(pk=plan.pk).rule == ""
