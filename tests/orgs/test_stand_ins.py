"""An officer with equal powers acts for an absent holder, and gains no power by it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from bihuan.core.powers import HOUSEKEEPING, Power
from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs import access, stand_ins
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, posts, stand_in_offers, standing_in
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import (
    AlreadyStoodIn,
    AwayMeanwhile,
    DatesOutOfOrder,
    DayPast,
    LeavesBefore,
    MemberInactive,
    NotEqualPowers,
    NothingToStandInFor,
    StandInTooEarly,
    StandInTooLong,
)
from tests.factories import NOW, TODAY, make_officer, make_post, make_tenure, make_unit
from tests.orgs.pairs import DAY, Pair, accepted, again, reaches

pytestmark = pytest.mark.django_db

CONSOLE = Console.CONSOLE


# ---------------------------------------------------------------------- powers
def test_a_stand_in_works_from_the_post_from_the_first_to_the_last_day(pair: Pair) -> None:
    pair.name(start=1, end=3)

    found = [bool(reaches(pair.colleague, pair.town, on=day)) for day in range(5)]

    assert found == [False, True, True, True, False]
    assert all(reaches(pair.holder, pair.town, on=day) for day in range(5))


@pytest.mark.parametrize("power", sorted(HOUSEKEEPING))
def test_administration_and_audit_are_never_passed_on(power: Power) -> None:
    county = make_unit()
    town, next_town = make_unit(county), make_unit(county)
    holder = make_officer(town, power, Power.HANDLE)
    colleague = make_officer(next_town, power, Power.HANDLE)
    pair = Pair(county, town, next_town, holder, colleague)

    pair.name()

    assert reaches(colleague, town) == {Power.HANDLE}


def test_a_stand_in_has_no_settled_seat_and_decides_about_no_other_record(pair: Pair) -> None:
    pair.name()
    colleague = again(pair.colleague)

    assert [seat.unit for seat in access.settled_seats(colleague, NOW)] == [pair.next_town]
    assert access.own_seats(colleague, TODAY)[0].unit == pair.next_town
    assert not access.has(colleague, Power.COORDINATE, unit=pair.town, now=NOW)
    assert not access.has_settled(colleague, Power.COORDINATE, unit=pair.town, now=NOW)
    with pytest.raises(NotAllowed):
        access.require(colleague, Power.COORDINATE, unit=pair.town, now=NOW)


def test_powers_that_the_stand_in_loses_are_lost_in_the_other_post_too(pair: Pair) -> None:
    pair.name()
    post = Post.objects.get(tenures__member=pair.colleague, tenures__holder_tenure=None)

    Post.objects.filter(pk=post.pk).update(powers=[Power.HANDLE])

    assert reaches(pair.colleague, pair.town) == {Power.HANDLE}


def test_powers_added_to_the_post_do_not_reach_a_stand_in_without_them(pair: Pair) -> None:
    pair.name()

    Post.objects.filter(pk=pair.tenure.post_id).update(powers=[*Power])

    assert reaches(pair.colleague, pair.town) == {Power.HANDLE, Power.COORDINATE}


def test_a_stand_in_of_a_stand_in_does_not_exist(pair: Pair) -> None:
    lent = pair.name()
    third = make_officer(pair.town, Power.HANDLE, Power.COORDINATE)

    with pytest.raises(NotAllowed):
        accepted(stand_in_offers.name_stand_in(
            tenure=lent, member=third, start_date=TODAY, end_date=TODAY, actor=pair.colleague,
            now=NOW,
        ))  # fmt: skip


def test_posts_of_many_are_loaded_with_those_for_whom_they_stand_in(
    pair: Pair, django_assert_num_queries: object
) -> None:
    pair.name()
    found = list(User.objects.filter(pk__in=[pair.holder.pk, pair.colleague.pk]).order_by("pk"))

    access.ask_for_posts(found, TODAY)

    assert [len(access.seats(each, TODAY)) for each in found] == [1, 2]
    assert access.represented(found[1], TODAY) == (pair.holder,)


# ------------------------------------------------------------------- who may be
def test_only_the_holder_and_administrators_name_a_stand_in(pair: Pair) -> None:
    administrator = make_officer(pair.next_town, Power.ADMINISTER)

    for other in (administrator, pair.colleague):
        with pytest.raises(NotAllowed):
            pair.name(by=other)


def test_who_has_left_the_post_names_nobody(pair: Pair) -> None:
    tenure = pair.tenure
    Tenure.objects.filter(pk=tenure.pk).update(end_date=TODAY - DAY)

    with pytest.raises(NotAllowed):
        pair.name()


def test_a_stand_in_has_every_power_of_the_post(pair: Pair) -> None:
    lesser = make_officer(pair.town, Power.HANDLE)

    with pytest.raises(NotEqualPowers):
        pair.name(lesser)


def test_the_holder_is_no_stand_in_for_himself(pair: Pair) -> None:
    with pytest.raises(NotEqualPowers):
        pair.name(pair.holder)


def test_nobody_above_is_named(pair: Pair) -> None:
    """Otherwise the officer complained of could take the case from the one who has it."""
    above = make_officer(pair.county, Power.HANDLE, Power.COORDINATE)
    make_tenure(above, make_post(pair.town, Power.HANDLE, Power.COORDINATE))

    with pytest.raises(NotEqualPowers):
        pair.name(above)


def test_who_is_far_away_is_not_offered(pair: Pair) -> None:
    elsewhere = make_unit(make_unit(pair.next_town))
    far = make_officer(elsewhere, Power.HANDLE, Power.COORDINATE)
    here = make_officer(make_unit(pair.town), Power.HANDLE, Power.COORDINATE, name="近处")

    found = stand_ins.possible(pair.tenure, TODAY)

    assert here in found
    assert far not in found
    assert pair.colleague in found


def test_a_closed_account_is_not_named(pair: Pair) -> None:
    User.objects.filter(pk=pair.colleague.pk).update(is_active=False)

    with pytest.raises(MemberInactive):
        pair.name()


def test_an_administrator_without_other_powers_is_not_stood_in_for() -> None:
    county = make_unit()
    holder, colleague = (make_officer(county, Power.ADMINISTER) for _ in "12")

    with pytest.raises(NothingToStandInFor):
        Pair(county, county, county, holder, colleague).name()


# --------------------------------------------------------------------- the days
@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (-1, 3, DayPast),
        (-3, -1, DayPast),
        (2, 1, DatesOutOfOrder),
        (0, 183, StandInTooLong),
    ],
)
def test_days_that_are_refused(pair: Pair, start: int, end: int, refused: type[Refusal]) -> None:
    with pytest.raises(refused):
        pair.name(start=start, end=end)


def test_the_longest_leave_is_accepted(pair: Pair) -> None:
    assert pair.name(end=182).end_date == TODAY + 182 * DAY


def test_nobody_stands_in_after_the_holder_has_left(pair: Pair) -> None:
    Tenure.objects.filter(pk=pair.tenure.pk).update(end_date=TODAY + 2 * DAY)

    with pytest.raises(LeavesBefore):
        pair.name(end=3)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 9), (1, 2)])
def test_two_do_not_stand_in_on_one_day(pair: Pair, start: int, end: int) -> None:
    other = make_officer(pair.town, Power.HANDLE, Power.COORDINATE)
    pair.name(start=0, end=3)

    with pytest.raises(AlreadyStoodIn):
        pair.name(other, start=start, end=end)

    assert pair.name(other, start=4, end=9)


def test_two_officers_do_not_stand_in_for_each_other(pair: Pair) -> None:
    pair.name()
    back = Tenure.objects.get(member=pair.colleague)

    with pytest.raises(AwayMeanwhile):
        accepted(stand_in_offers.name_stand_in(
            tenure=back, member=pair.holder, start_date=TODAY + DAY, end_date=TODAY + DAY,
            actor=pair.colleague, now=NOW,
        ))  # fmt: skip


def test_who_stands_in_does_not_have_a_third_stand_in(pair: Pair) -> None:
    third = make_officer(pair.town, Power.HANDLE, Power.COORDINATE)
    pair.name(end=3)
    own = Tenure.objects.get(member=pair.colleague)

    with pytest.raises(AwayMeanwhile):
        accepted(stand_in_offers.name_stand_in(
            tenure=own, member=third, start_date=TODAY, end_date=TODAY, actor=pair.colleague,
            now=NOW,
        ))  # fmt: skip
    assert accepted(stand_in_offers.name_stand_in(
        tenure=own, member=third, start_date=TODAY + 4 * DAY, end_date=TODAY + 4 * DAY,
        actor=pair.colleague, now=NOW,
    ))  # fmt: skip


# -------------------------------------------------------------------- the end
@pytest.mark.parametrize("who", ["holder", "colleague", "administrator"])
def test_each_of_the_two_and_an_administrator_ends_it_at_once(pair: Pair, who: str) -> None:
    administrator = make_officer(pair.county, Power.ADMINISTER)
    lent = pair.name()
    assert reaches(pair.colleague, pair.town)

    actor = administrator if who == "administrator" else getattr(pair, who)
    standing_in.end_stand_in(stand_in=lent, actor=actor, now=NOW)

    assert not reaches(pair.colleague, pair.town)
    assert not stand_ins.around(pair.holder, TODAY)
    (kept,) = [each for each in access.held(again(pair.colleague), TODAY) if each.stood_in_for]
    assert (kept.since_date, kept.until_date) == (TODAY, TODAY)


def test_nobody_else_ends_it_and_it_ends_once(pair: Pair) -> None:
    lent, other = pair.name(), make_officer(pair.county, Power.COORDINATE)
    with pytest.raises(NotAllowed):
        standing_in.end_stand_in(stand_in=lent, actor=other, now=NOW)

    standing_in.end_stand_in(stand_in=lent, actor=pair.holder, now=NOW)

    with pytest.raises(NotAllowed):
        standing_in.end_stand_in(stand_in=lent, actor=pair.holder, now=NOW)


def test_one_that_has_not_begun_is_withdrawn(pair: Pair) -> None:
    lent = pair.name(start=1, end=2)

    standing_in.end_stand_in(stand_in=lent, actor=pair.holder, now=NOW)

    assert not Tenure.with_stand_ins.filter(pk=lent.pk).exists()
    assert pair.name(start=1, end=2)


def test_it_lapses_when_the_holder_leaves(pair: Pair) -> None:
    pair.name(end=9)
    administrator = make_officer(pair.county, Power.ADMINISTER)

    posts.end_tenure(tenure=pair.tenure, end_date=TODAY, actor=administrator, now=NOW)

    assert reaches(pair.colleague, pair.town)
    assert not reaches(pair.colleague, pair.town, on=1)
    assert not access.acting([pair.tenure.post_id], TODAY + DAY)


@pytest.mark.parametrize("whose", ["holder", "colleague"])
def test_it_ends_when_an_account_is_closed_and_stays_ended(pair: Pair, whose: str) -> None:
    pair.name(end=9)
    closed: User = getattr(pair, whose)

    members.deactivate_member(member=closed, actor=CONSOLE, now=NOW, reason="停职")
    assert not reaches(pair.colleague, pair.town)
    members.reactivate_member(member=closed, actor=CONSOLE, now=NOW)

    assert not reaches(pair.colleague, pair.town)


def test_an_account_closed_otherwise_lends_nothing(pair: Pair) -> None:
    pair.name(end=9)

    User.objects.filter(pk=pair.holder.pk).update(is_active=False)

    assert not reaches(pair.colleague, pair.town)
    acting = access.acting([pair.tenure.post_id], TODAY)
    assert pair.colleague not in {each.member for each in acting}


# ---------------------------------------------------------------------- shown
def test_who_acts_for_a_post(pair: Pair) -> None:
    lent = pair.name()

    found = access.acting([pair.tenure.post_id], TODAY)

    assert found == [pair.tenure, lent]
    assert [each.member for each in found] == [pair.holder, pair.colleague]


def test_a_stand_in_is_no_holder_of_the_post(pair: Pair) -> None:
    pair.name()
    administrator = make_officer(pair.county, Power.ADMINISTER)

    assert [each.member for each in Tenure.objects.in_force(TODAY)] == [
        pair.holder, pair.colleague, administrator,
    ]  # fmt: skip
    posts.hand_over(
        post=pair.tenure.post, to=pair.colleague, start_date=TODAY + DAY, actor=administrator,
        now=NOW,
    )  # fmt: skip
    assert not access.represented(again(pair.colleague), TODAY + DAY)


def test_it_is_journaled_and_the_stand_in_is_told(pair: Pair) -> None:
    lent = pair.name()
    standing_in.end_stand_in(stand_in=lent, actor=pair.holder, now=NOW)

    acts = Entry.objects.filter(chain__subject=pair.tenure.post.subject).order_by("seq")
    assert [(each.act, each.actor) for each in acts] == [
        ("name-stand-in", pair.holder),
        ("accept-stand-in", pair.colleague),
        ("end-stand-in", pair.holder),
    ]
    assert set(Notice.objects.values_list("member", "what")) == {
        (pair.colleague.pk, "stand_in_asked"),
        (pair.holder.pk, "stand_in"),
        (pair.colleague.pk, "stand_in_ended"),
    }


def test_the_same_person_is_everybody_who_stood_in_meanwhile(pair: Pair) -> None:
    pair.name(start=0, end=3)
    later = NOW + 4 * DAY
    both = {pair.holder.pk, pair.colleague.pk}

    assert access.same_person(again(pair.holder), NOW, NOW) == both
    assert access.same_person(again(pair.colleague), NOW, later) == both
    assert access.same_person(again(pair.colleague), later, later) == {pair.colleague.pk}


def test_a_stand_in_that_was_stopped_is_one(pair: Pair) -> None:
    with pytest.raises(IntegrityError, match="only_a_stand_in_is_stopped"), transaction.atomic():
        Tenure.objects.filter(pk=pair.tenure.pk).update(stopped_at=NOW)


def test_a_stand_in_is_asked_for_days_that_are_near(pair: Pair) -> None:
    with pytest.raises(StandInTooEarly):
        pair.ask(start=184, end=190)

    assert pair.ask(start=183, end=190)


def test_nobody_of_an_enterprise_stands_in_for_an_office(pair: Pair) -> None:
    firm = make_unit(pair.county, kind=Unit.Kind.ENTERPRISE)
    safety = make_officer(firm, Power.HANDLE, Power.COORDINATE)
    other = make_officer(
        make_unit(pair.county, kind=Unit.Kind.ENTERPRISE), Power.HANDLE, Power.COORDINATE
    )

    assert safety not in stand_ins.possible(pair.tenure, TODAY)
    assert other in stand_ins.possible(Tenure.objects.get(member=safety), TODAY)
