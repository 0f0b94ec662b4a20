"""An appointment excludes an officer from cases about the unit, so that no administrator can use
it to exclude the officers of another unit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bihuan.cases import queries
from bihuan.cases.actions import recipients
from bihuan.cases.models import Case
from bihuan.cases.stands import held
from bihuan.core.powers import Power
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions import moving, posts
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import PostElsewhere
from tests.cases.public import Office, accused, make_office
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_tenure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def town_admin(office: Office) -> User:
    return make_officer(office.town, Power.ADMINISTER, name="镇管理员")


@pytest.fixture
def county_admin(office: Office) -> User:
    return make_officer(office.county, Power.ADMINISTER, name="县管理员")


def sees(member: User, case: Case, *, days: int = 0) -> bool:
    now, fresh = NOW + days * DAY, User.objects.get(pk=member.pk)
    return queries.may_see(fresh, Case.objects.with_facts().get(pk=case.pk), now)


def appoint(post: Post, member: User, actor: Actor, *, start: date, end: date | None) -> Tenure:
    return posts.appoint(
        post=post, member=member, start_date=start, end_date=end, actor=actor, now=NOW
    )


def _hand_over(post: Post, member: User, actor: User) -> None:
    make_tenure(make_member(), post)
    posts.hand_over(post=post, to=member, start_date=TODAY, actor=actor, now=NOW)


def _appoint_in_the_past(post: Post, member: User, actor: User) -> None:
    appoint(post, member, actor, start=TODAY - DAY, end=TODAY - DAY)


def _appoint_for_later(post: Post, member: User, actor: User) -> None:
    appoint(post, member, actor, start=TODAY + DAY, end=None)


def _found_unit(post: Post, member: User, actor: User) -> None:
    _found(post.unit, member, actor)


@pytest.mark.parametrize("way", [_hand_over, _appoint_in_the_past, _appoint_for_later, _found_unit])
def test_no_administrator_appoints_the_investigators_of_the_unit_above(
    office: Office, town_admin: User, way: Callable[[Post, User, User], None]
) -> None:
    case = accused(office.town, now=NOW).case
    post = make_post(office.town, Power.REPORT)

    with pytest.raises(PostElsewhere) as refused:
        way(post, office.supervisor, town_admin)

    assert refused.value.unit == office.county.name
    assert sees(office.supervisor, case)


def _found(parent: Unit, member: User, actor: User) -> None:
    moving.add_unit_with_post(
        parent=parent,
        code="530499-x",
        name="联络组",
        kind=Unit.Kind.GRID,
        title="联络员",
        powers=[Power.REPORT],
        officer=member,
        start_date=TODAY,
        actor=actor,
        now=NOW,
    )


def test_no_administrator_moves_a_post_below_an_officer_of_another_unit(
    office: Office, town_admin: User
) -> None:
    post = make_post(office.town, Power.REPORT)
    make_tenure(office.supervisor, post)

    with pytest.raises(PostElsewhere):
        moving.move_post(post=post, unit=office.village, actor=town_admin, now=NOW)


def test_no_administrator_prolongs_an_appointment_that_is_over(
    office: Office, town_admin: User
) -> None:
    post = make_post(office.town, Power.REPORT)
    over = make_tenure(office.supervisor, post)
    Tenure.objects.filter(pk=over.pk).update(end_date=TODAY - 30 * DAY)
    over.refresh_from_db()

    with pytest.raises(PostElsewhere):
        posts.end_tenure(tenure=over, end_date=TODAY + DAY, actor=town_admin, now=NOW)


def test_an_administrator_of_both_units_appoints(office: Office, county_admin: User) -> None:
    case = accused(office.town, now=NOW).case
    post = make_post(office.town, Power.REPORT)

    assert appoint(post, office.supervisor, county_admin, start=TODAY, end=None)
    assert not sees(office.supervisor, case)


def test_new_accounts_and_officers_within_reach_are_appointed_as_before(
    office: Office, town_admin: User
) -> None:
    for member in (make_member(), office.handler, town_admin):
        post = make_post(office.village, Power.REPORT)
        assert appoint(post, member, town_admin, start=TODAY, end=None)


def test_an_appointment_entered_after_its_end_excludes_nobody(
    office: Office, county_admin: User
) -> None:
    case = accused(office.town, now=NOW - 2 * DAY).case
    post = make_post(office.town, Power.REPORT)
    before = held(again(office.supervisor), TODAY)

    appoint(post, office.supervisor, county_admin, start=TODAY - 5 * DAY, end=TODAY - DAY)

    assert sees(office.supervisor, case)
    assert held(again(office.supervisor), TODAY) == before
    shut = recipients.Shut.out_of(case)
    assert not Tenure.objects.filter(shut.holders(NOW), member=office.supervisor).exists()


def test_what_an_operator_enters_late_excludes(office: Office) -> None:
    case = accused(office.town, now=NOW - 2 * DAY).case
    post = make_post(office.town, Power.REPORT)
    appoint(post, office.supervisor, Console.CONSOLE, start=TODAY - 5 * DAY, end=TODAY - DAY)

    assert not sees(office.supervisor, case)
    shut = recipients.Shut.out_of(case)
    assert Tenure.objects.filter(shut.holders(NOW), member=office.supervisor).exists()


def test_an_appointment_that_covers_the_day_of_its_entry_excludes_permanently(
    office: Office, county_admin: User
) -> None:
    """Also if its end was entered later and lies before that day."""
    case = accused(office.town, now=NOW - 2 * DAY).case
    post = make_post(office.town, Power.REPORT)
    tenure = appoint(post, office.supervisor, county_admin, start=TODAY - 5 * DAY, end=None)
    posts.end_tenure(tenure=tenure, end_date=TODAY - DAY, actor=county_admin, now=NOW + DAY)

    assert not sees(office.supervisor, case, days=30)


def test_a_correction_of_a_past_end_does_not_make_an_appointment_new(
    office: Office, county_admin: User
) -> None:
    """The officer was in the unit, and stays excluded."""
    case = accused(office.town, now=NOW - 20 * DAY).case
    tenure = make_tenure(office.supervisor, make_post(office.town, Power.REPORT))
    Tenure.objects.filter(pk=tenure.pk).update(end_date=TODAY - 10 * DAY)
    tenure.refresh_from_db()
    assert not sees(office.supervisor, case)

    posts.end_tenure(tenure=tenure, end_date=TODAY - 5 * DAY, actor=county_admin, now=NOW)

    assert not sees(office.supervisor, case)


def again(member: User) -> User:
    return User.objects.get(pk=member.pk)
