"""Closed by default: what an officer may do comes from the posts held today, and nothing else."""

from datetime import timedelta

import pytest

from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import access
from tests.factories import (
    NOW,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_a_member_without_a_post_may_do_nothing() -> None:
    unit = make_unit()
    member = make_member()

    assert not any(access.has(member, power, unit=unit, now=NOW) for power in Power)
    assert access.scope(member, TODAY) == frozenset()


@pytest.mark.parametrize("power", sorted(OF_OFFICERS))
def test_a_post_gives_its_own_powers_and_no_other(power: Power) -> None:
    unit = make_unit()
    officer = make_officer(unit, power)

    held = {other for other in Power if access.has(officer, other, unit=unit, now=NOW)}

    assert held == {power}


def test_a_power_reaches_down_and_neither_up_nor_sideways() -> None:
    county = make_unit()
    town, other_town = make_unit(county), make_unit(county)
    village = make_unit(town)
    officer = make_officer(town, Power.HANDLE)

    reached = [
        access.has(officer, Power.HANDLE, unit=unit, now=NOW)
        for unit in (county, town, other_town, village)
    ]

    assert reached == [False, True, False, True]


def test_powers_of_two_posts_do_not_mix() -> None:
    county = make_unit()
    here, there = make_unit(county), make_unit(county)
    officer = make_officer(here, Power.HANDLE)
    make_tenure(officer, make_post(there, Power.VERIFY))

    assert access.has(officer, Power.HANDLE, unit=here, now=NOW)
    assert access.has(officer, Power.VERIFY, unit=there, now=NOW)
    assert not access.has(officer, Power.VERIFY, unit=here, now=NOW)
    assert not access.has(officer, Power.HANDLE, unit=there, now=NOW)


def test_the_nearest_seat_answers() -> None:
    county = make_unit()
    town = make_unit(county)
    officer = make_officer(county, Power.APPROVE)
    make_tenure(officer, make_post(town, Power.APPROVE))

    assert access.require(officer, Power.APPROVE, unit=town, now=NOW).unit == town
    assert access.require(officer, Power.APPROVE, unit=county, now=NOW).unit == county


def test_what_no_post_allows_is_refused() -> None:
    unit = make_unit()
    officer = make_officer(unit, Power.REPORT)

    with pytest.raises(NotAllowed):
        access.require(officer, Power.APPROVE, unit=unit, now=NOW)


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
        (TODAY - DAY, TODAY + DAY, True),
    ],
)
def test_a_tenure_counts_from_its_first_to_its_last_day(
    start: object, end: object, holds: bool
) -> None:
    unit = make_unit()
    officer = make_officer(unit, Power.DUTY, start_date=start, end_date=end)  # type: ignore[arg-type]

    assert access.has(officer, Power.DUTY, unit=unit, now=NOW) is holds


def test_the_day_is_that_of_the_office_and_not_of_greenwich() -> None:
    unit = make_unit()
    officer = make_officer(unit, Power.DUTY, start_date=TODAY + DAY)
    evening = NOW.replace(hour=16)  # midnight in Shanghai

    assert access.has(officer, Power.DUTY, unit=unit, now=evening)


def test_the_scope_holds_everything_below_the_posts() -> None:
    county = make_unit()
    town, other = make_unit(county), make_unit(county)
    village = make_unit(town)
    officer = make_officer(town, Power.REPORT)
    make_tenure(officer, make_post(village, Power.REPORT))

    assert access.scope(officer, TODAY) == frozenset({town.pk, village.pk})
    assert other.pk not in (access.scope(officer, TODAY) or ())


def test_a_post_at_the_top_sees_all() -> None:
    county = make_unit()
    make_unit(county)

    assert access.scope(make_officer(county, Power.AUDIT), TODAY) is None


def test_a_post_at_one_of_two_tops_does_not_see_the_other() -> None:
    here, there = make_unit(), make_unit()

    scope = access.scope(make_officer(here, Power.AUDIT), TODAY)

    assert scope == frozenset({here.pk})
    assert there.pk not in (scope or ())


def test_units_with_a_power_are_the_topmost_ones_once() -> None:
    county = make_unit()
    town = make_unit(county)
    officer = make_officer(town, Power.COORDINATE)
    make_tenure(officer, make_post(county, Power.COORDINATE))
    make_tenure(officer, make_post(county, Power.COORDINATE))

    assert access.units_with(officer, Power.COORDINATE, TODAY) == [county]
