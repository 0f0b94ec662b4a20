"""Officers with a post in the unit complained of when it was reported are shut out for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions import lifting, loop
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.powers import Power
from bihuan.grievances.actions import classification
from bihuan.journal import queries as journal
from bihuan.journal.actions import record
from bihuan.notices.models import Notice
from bihuan.orgs.access import Console
from bihuan.orgs.actions import posts, units
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.cases.closing import close
from tests.cases.public import Office, accused, told
from tests.cases.test_bars_follow import knows, move
from tests.factories import NOW, TODAY, make_case, make_officer, make_post, make_tenure, make_unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ALL = [power for power in Power if power is not Power.AUDIT]
CONSOLE = Console.CONSOLE


def about(unit: Unit, where: Unit, *, days_ago: int = 0) -> Case:
    """A case of which the unit has been complained of for so many days."""
    at = NOW - days_ago * DAY
    case = make_case(where, now=at)
    Exclusion.objects.create(case=case, unit=unit, cause="complained_of", since_at=at, added_at=at)
    record(case.subject, "comment", by=None, at=at)
    return case


def there_before(office: Office, *, left_days_ago: int) -> User:
    """An officer who left the village then, and has every power in the county since."""
    head = make_officer(office.village, *ALL, end_date=TODAY - left_days_ago * DAY)
    make_tenure(head, make_post(office.county, *ALL), start_date=TODAY - left_days_ago * DAY)
    return User.objects.get(pk=head.pk)


def let_know(case: Case, member: User, unit: Unit) -> None:
    post = Post.objects.get(tenures__member=member, unit=unit)
    AccessGrant.objects.get_or_create(case=case, post=post, defaults={"added_at": NOW})


def is_as_the_journal_says(*cases: Case) -> bool:
    named = {finding.subject for finding in journal.verify().findings}
    return not named & {case.subject for case in cases}


# ------------------------------------------------------------------ who is meant
def test_it_counts_when_it_was_reported_and_not_when_the_unit_was_named(office: Office) -> None:
    case = told(office.village, now=NOW - 5 * DAY, kind="grievance").case
    after, before = (there_before(office, left_days_ago=n) for n in (3, 9))
    Case.objects.filter(pk=case.pk).update(owner=office.county, origin=office.county)

    classification.classify(
        case=case, actor=office.supervisor, now=NOW, way="accusation", about=office.village
    )
    for member in (after, before):
        let_know(case, member, office.county)

    case.refresh_from_db()
    assert queries.is_shut_to(after, case, NOW)
    assert not queries.is_shut_to(before, case, NOW)


def test_who_left_on_the_day_of_the_report_is_meant(office: Office) -> None:
    case = about(office.village, office.town)

    assert not knows(there_before(office, left_days_ago=0), case)
    assert knows(there_before(office, left_days_ago=1), case)


def test_a_part_that_is_split_off_later_is_shut_to_the_same_people(office: Office) -> None:
    whole = about(office.village, office.town, days_ago=5)
    head = there_before(office, left_days_ago=3)
    part = make_case(office.town)
    part.parent = whole
    part.save()

    with transaction.atomic():
        loop.inherit_restrictions(part, NOW)

    assert not knows(head, whole)
    assert not knows(head, part)


@pytest.mark.parametrize("how", ["end_tenure", "hand_over", "end_post"])
def test_an_end_that_is_entered_late_takes_nothing_back(office: Office, how: str) -> None:
    head = make_officer(office.village, *ALL)
    case = about(office.village, office.town)
    tenure, long_ago = Tenure.objects.get(member=head), TODAY - 30 * DAY
    if how == "end_tenure":
        posts.end_tenure(tenure=tenure, end_date=long_ago, actor=CONSOLE, now=NOW)
    elif how == "hand_over":
        to = make_officer(office.town)
        posts.hand_over(post=tenure.post, to=to, start_date=long_ago, actor=CONSOLE, now=NOW)
    else:
        posts.end_post(post=tenure.post, end_date=long_ago, actor=CONSOLE, now=NOW)
    make_tenure(head, make_post(office.county, *ALL), start_date=TODAY - DAY)

    assert not knows(User.objects.get(pk=head.pk), case, days=0)


def test_an_end_in_the_past_that_is_set_earlier_makes_nobody_stay_longer(office: Office) -> None:
    head = make_officer(office.village, *ALL, end_date=TODAY - 20 * DAY)
    tenure = Tenure.objects.get(member=head)

    posts.end_tenure(tenure=tenure, end_date=TODAY - 30 * DAY, actor=CONSOLE, now=NOW)

    tenure.refresh_from_db()
    assert tenure.left_date == TODAY - 20 * DAY


def test_a_unit_that_is_hung_elsewhere_stays_shut_out(office: Office) -> None:
    grid = make_unit(office.village, name="三组")
    head = make_officer(grid, *ALL)
    case = about(office.village, office.town)

    units.move_unit(unit=grid, parent=office.town, actor=CONSOLE, now=NOW)

    assert not knows(User.objects.get(pk=head.pk), case)
    assert not knows(move(head, office.county, *ALL), case)
    assert is_as_the_journal_says(case)


def test_a_successor_beyond_the_unit_complained_of_stays_shut_out(office: Office) -> None:
    grid, other = make_unit(office.village), make_unit(office.county)
    case, ended = about(office.village, office.town), about(grid, office.town)
    Case.objects.filter(pk=ended.pk).update(stage="rejected", ended_at=NOW)
    record(ended.subject, "comment", by=None, at=NOW)

    close(grid, CONSOLE, other)

    for each in (case, ended):
        assert not knows(make_officer(other, *ALL), each)
    assert is_as_the_journal_says(case, ended)


# ------------------------------------------------------------------ who takes it
def both(office: Office, unit: Unit) -> User:
    """The only officer who takes cases up there holds a post in the village as well."""
    member = make_officer(unit, Power.COORDINATE)
    make_tenure(member, make_post(office.village, Power.REPORT))
    return member


@pytest.mark.parametrize("confidential", [False, True])
def test_it_goes_above_the_unit_where_only_such_officers_take_things_up(
    office: Office, confidential: bool
) -> None:
    between = make_unit(office.county, name="街道")
    village = make_unit(between)
    member = make_officer(between, Power.COORDINATE)
    make_tenure(member, make_post(village, Power.REPORT))

    found = [
        told(unit, now=NOW, about_units=(village,), is_confidential=confidential).case
        for unit in (village, between)
    ]

    assert [case.owner for case in found] == [office.county, office.county]
    assert all(knows(office.supervisor, case, days=0) for case in found)


def test_a_case_moves_up_once_only_officers_who_are_shut_out_are_left(office: Office) -> None:
    case = accused(office.village, now=NOW).case
    assert case.owner == office.town
    head = make_officer(office.village, *ALL)
    Tenure.objects.filter(member__in=[office.clerk, office.head]).update(end_date=TODAY)
    make_tenure(head, make_post(office.town, *ALL), start_date=TODAY + DAY)

    assert not any(lifting.lift(now=NOW).values())
    assert lifting.lift(now=NOW + DAY)["lifted"] == 1
    assert lifting.lift(now=NOW + DAY)["lifted"] == 0

    case.refresh_from_db()
    assert case.owner == office.county
    assert knows(office.supervisor, case, days=1)
    assert not knows(head, case, days=1)
    assert Notice.objects.filter(what="lift", member=office.supervisor).exists()
    assert is_as_the_journal_says(case)


def test_a_vacant_unit_keeps_its_case(office: Office) -> None:
    case = about(office.village, office.town)
    Tenure.objects.filter(post__unit=office.town).update(end_date=TODAY - DAY)

    assert not any(lifting.lift(now=NOW).values())

    case.refresh_from_db()
    assert case.owner == office.town


def test_what_lies_on_the_post_of_such_an_officer_goes_back_to_the_coordinators(
    office: Office,
) -> None:
    case = about(office.village, office.town)
    head = move(make_officer(office.village, *ALL), office.town, Power.HANDLE)
    post = Post.objects.get(tenures__member=head, unit=office.town)
    Case.objects.filter(pk=case.pk).update(post=post)

    assert lifting.lift(now=NOW + DAY)["put back"] == 1

    case.refresh_from_db()
    assert (case.post, case.owner) == (None, office.town)
    assert Notice.objects.filter(what="put_back", member=office.clerk).exists()
    assert is_as_the_journal_says(case)
