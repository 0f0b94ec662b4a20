"""Whom a case is shut to, it stays shut to: bars go with the person and with the unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases import queries
from bihuan.cases.actions import comments
from bihuan.cases.models import Case, Exclusion
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.core.routing import ShutOut
from bihuan.desk import agenda
from bihuan.hazards.actions import reporting
from bihuan.orgs import access
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.cases.closing import close
from tests.conftest import CountQueries
from tests.factories import (
    NOW,
    TODAY,
    make_case,
    make_officer,
    make_plan,
    make_post,
    make_tenure,
    make_unit,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ALL = [power for power in Power if power is not Power.AUDIT]


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云岭县")


@pytest.fixture
def village(county: Unit) -> Unit:
    town = make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    return make_unit(town, name="石桥村", kind=Unit.Kind.VILLAGE)


def about(unit: Unit, where: Unit) -> Case:
    """A case found in a unit, in which another has been complained of for some days."""
    case = make_case(where, now=NOW - 5 * DAY)
    Exclusion.objects.create(
        case=case, unit=unit, cause="complained_of", since_at=NOW - 5 * DAY, added_at=NOW - 5 * DAY
    )
    return case


def move(member: User, unit: Unit, *powers: Power) -> User:
    """Tomorrow the officer leaves each post and holds another one there."""
    Tenure.objects.filter(member=member).update(end_date=TODAY)
    make_tenure(member, make_post(unit, *powers), start_date=TODAY + DAY)
    return User.objects.get(pk=member.pk)


def knows(member: User, case: Case, *, days: int = 5) -> bool:
    """Whether the officer learns of it in any way; all ways say the same."""
    now = NOW + days * DAY
    fresh = User.objects.get(pk=member.pk)
    answers = {
        queries.visible_to(fresh, now).filter(pk=case.pk).exists(),
        Case.objects.filter(queries.open_to(fresh, now), pk=case.pk).exists(),
        not queries.shut_among(fresh, [case.number], now),
        not queries.is_shut_to(fresh, Case.objects.get(pk=case.pk), now),
        any(
            task.number == case.number
            for section in agenda.sections(fresh, now)
            for task in section.items
        ),
    }
    (answer,) = answers
    return answer


def test_an_officer_who_is_moved_stays_shut_out(county: Unit, village: Unit) -> None:
    case = make_case(village, now=NOW)
    assert village.parent is not None

    for unit in (village.parent, county, make_unit(village)):
        accused = make_officer(village, *ALL)
        Exclusion.objects.create(case=case, member=accused, cause="complained_of", added_at=NOW)
        assert not knows(move(accused, unit, *ALL), case)


@pytest.mark.parametrize("below", [False, True])
def test_who_had_a_post_in_the_unit_complained_of_stays_shut_out(
    county: Unit, village: Unit, below: bool
) -> None:
    town = village.parent
    assert town is not None
    case = about(village, town)
    there = make_unit(village) if below else village

    for unit in (town, county):
        head = make_officer(there, *ALL)
        assert not knows(head, case, days=0)
        assert not knows(move(head, unit, *ALL), case)


def test_who_had_left_before_it_was_complained_of_is_not_meant(county: Unit, village: Unit) -> None:
    head = make_officer(village, *ALL)
    Tenure.objects.filter(member=head).update(end_date=TODAY - 6 * DAY)
    make_tenure(head, make_post(county, *ALL), start_date=TODAY)
    town = village.parent
    assert town is not None

    assert knows(head, about(village, town))


def test_who_came_after_them_elsewhere_and_was_never_there_knows(
    county: Unit, village: Unit
) -> None:
    town = village.parent
    assert town is not None

    assert knows(make_officer(town, *ALL), about(village, town))


def test_a_unit_above_takes_over_and_its_new_officers_stay_shut_out(
    county: Unit, village: Unit
) -> None:
    town = village.parent
    assert town is not None
    case = about(village, town)
    head = make_officer(village, *ALL)
    free = make_officer(town, *ALL)
    close(village, Console.CONSOLE, town)

    assert not knows(move(head, town, *ALL), case)
    assert knows(free, case)


def test_the_successor_of_a_successor_is_shut_out_as_well(county: Unit, village: Unit) -> None:
    town = village.parent
    assert town is not None
    case = about(village, town)
    second, third = make_unit(town, name="二村"), make_unit(town, name="三村")
    close(village, Console.CONSOLE, second)
    close(second, Console.CONSOLE, third)

    assert not knows(make_officer(third, *ALL), case)


def test_nothing_is_given_to_a_post_that_such_an_officer_holds_now(
    county: Unit, village: Unit
) -> None:
    town = village.parent
    assert town is not None
    case = about(village, town)
    head = move(make_officer(village, *ALL), town, Power.HANDLE)
    coordinator = make_officer(county, Power.COORDINATE)
    later = NOW + 5 * DAY
    case = reporting.confirm(case=case, actor=coordinator, now=later, grade=Grade.GENERAL)
    post = Post.objects.get(tenures__member=head, unit=town)

    with pytest.raises(ShutOut):
        reporting.assign(
            case=case, plan=make_plan(post, deadline_date=TODAY + 30 * DAY),
            actor=coordinator, now=later,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        comments.comment(case=case, actor=head, now=later, note="已看")


def test_the_posts_of_a_day_are_asked_for_once(
    county: Unit, village: Unit, count_queries: CountQueries
) -> None:
    head = move(make_officer(village, *ALL), county, *ALL)
    on = TODAY + 5 * DAY

    with count_queries() as asked:
        units = [seat.unit for seat in access.seats(head, on)]
        left = [(each.unit, each.until_date) for each in access.held(head, on)]

    assert (units, left) == ([county], [(village, TODAY), (county, None)])
    assert len(asked) == 1
