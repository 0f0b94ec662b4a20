"""Who may confirm what an administrator granted, and what it takes."""

from __future__ import annotations

import pytest

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.actions import granting, members, posts
from bihuan.orgs.models import Post, Tenure, User
from tests.factories import (
    NOW,
    PASSWORD,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
)
from tests.orgs.granting import (
    DAY,
    SECOND,
    House,
    appointed,
    confirm,
    opens,
)

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ confirming
def test_a_second_administrator_confirms_at_once(house: House) -> None:
    accomplice, tenure = appointed(house)

    confirm(tenure, house.two)

    assert opens(house.case, accomplice)
    entry = Entry.objects.get(chain__subject=tenure.post.subject, act="confirm-grant")
    assert entry.actor == house.two


def test_nobody_confirms_what_they_granted_or_what_they_have(house: House) -> None:
    _, mine = appointed(house)
    with pytest.raises(grants.OwnGrant):
        confirm(mine, house.one)

    members.reset_password(member=house.two, actor=house.one, now=NOW)
    with pytest.raises(grants.StillWaits):
        confirm(mine, house.two)


def test_the_holder_confirms_neither_appointment_nor_powers_nor_password(house: House) -> None:
    holder = house.two
    _, tenure = appointed(house, to=holder)
    post = Post.objects.get(tenures__member=holder, unit=house.office.county)
    with pytest.raises(grants.OwnGrant):
        confirm(tenure, holder)

    third = make_officer(house.office.county, Power.ADMINISTER)
    make_tenure(third, make_post(house.office.county, Power.ADMINISTER))
    posts.change_post(
        post=post, title=post.title, powers=[Power.ADMINISTER, Power.HANDLE], actor=house.one,
        now=NOW,
    )  # fmt: skip
    with pytest.raises((grants.OwnGrant, grants.StillWaits)):
        confirm(post, holder)
    confirm(post, third)


def test_an_administrator_of_one_s_own_making_confirms_nothing(house: House) -> None:
    puppet = make_member()
    post = posts.add_post(
        unit=house.office.county, title="傀儡", powers=[Power.ADMINISTER], actor=house.one, now=NOW
    )
    posts.appoint(post=post, member=puppet, start_date=TODAY, actor=house.one, now=NOW)
    accomplice, tenure = appointed(house)

    with pytest.raises(grants.StillWaits):
        confirm(tenure, puppet)
    with pytest.raises(grants.StillWaits):
        opens(house.case, accomplice)


@pytest.mark.parametrize("power", [power for power in Power if power != Power.ADMINISTER])
def test_no_other_power_confirms(house: House, power: Power) -> None:
    _, tenure = appointed(house)

    with pytest.raises(NotAllowed):
        confirm(tenure, make_officer(house.office.county, power))


def test_an_administrator_of_another_unit_confirms_nothing_here(house: House) -> None:
    _, tenure = appointed(house)

    with pytest.raises(NotAllowed):
        confirm(tenure, make_officer(house.office.village, Power.ADMINISTER))


def test_what_was_granted_again_since_the_page_was_shown_is_not_confirmed(house: House) -> None:
    officer = make_officer(house.town, Power.REPORT)
    post = Post.objects.get(tenures__member=officer)
    for after, powers in enumerate(([Power.COORDINATE], [Power.COORDINATE, Power.HANDLE])):
        posts.change_post(
            post=post, title=post.title, powers=powers, actor=house.one, now=NOW + after * SECOND
        )

    with pytest.raises(grants.NothingWaits):
        granting.confirm(row=post, granted_at=NOW, actor=house.two, now=NOW + DAY)


def test_what_counts_already_is_not_confirmed(house: House) -> None:
    _, tenure = appointed(house)

    with pytest.raises(grants.NothingWaits):
        confirm(tenure, house.two, at=grants.WAITS)


# ------------------------------------------------------- by whom it was granted
def test_nobody_confirms_what_an_administrator_granted_who_waits_still(house: House) -> None:
    """One administrator alone would be both, by an administrator of their own making."""
    puppet, made = _puppet(house)
    accomplice, tenure = appointed(house, by=puppet)

    with pytest.raises(grants.GranterWaits) as refused:
        confirm(tenure, house.one)
    assert refused.value.granter == puppet.name
    with pytest.raises(grants.StillWaits):
        opens(house.case, accomplice)

    confirm(made, house.two)
    confirm(tenure, house.one)
    assert opens(house.case, accomplice)


def test_who_left_since_counts_as_when_they_granted_it(house: House) -> None:
    puppet, made = _puppet(house)
    _, tenure = appointed(house, by=puppet)
    posts.end_tenure(tenure=made, end_date=TODAY - DAY, actor=house.one, now=NOW)
    with pytest.raises(grants.GranterWaits):
        confirm(tenure, house.one)

    _, other = appointed(house, title="又一岗")
    held = Tenure.objects.get(member=house.one)
    posts.end_tenure(tenure=held, end_date=TODAY, actor=house.two, now=NOW)
    confirm(other, house.two, at=DAY)


def test_nobody_confirms_what_was_granted_under_a_password_that_somebody_gave(
    house: House,
) -> None:
    third = make_officer(house.office.county, Power.ADMINISTER, name="丙管理")
    members.reset_password(member=house.two, actor=house.one, now=NOW)
    _, tenure = appointed(house, by=house.two)

    with pytest.raises(grants.GranterWaits):
        confirm(tenure, house.one)
    with pytest.raises(grants.GranterWaits):
        confirm(tenure, third)


def test_what_another_added_to_the_powers_of_a_post_is_confirmed_first(house: House) -> None:
    """Else the first would confirm the first addition as if it were the second one."""
    officer = make_officer(house.town, Power.REPORT)
    post = Post.objects.get(tenures__member=officer)

    def add(power: Power, by: User) -> None:
        powers = [*map(Power, post.powers), power]
        posts.change_post(post=post, title=post.title, powers=powers, actor=by, now=NOW)
        post.refresh_from_db()

    add(Power.HANDLE, house.one)
    with pytest.raises(grants.OthersWait):
        add(Power.COORDINATE, house.two)
    add(Power.DUTY, house.two)
    add(Power.APPROVE, house.one)

    confirm(post, house.two)
    add(Power.COORDINATE, house.two)


def test_a_password_is_confirmed_once_the_officer_has_chosen_another(house: House) -> None:
    officer = make_officer(house.town, Power.HANDLE)
    given = members.reset_password(member=officer, actor=house.one, now=NOW)

    with pytest.raises(grants.GivenPassword):
        confirm(officer, house.two)

    members.change_own_password(actor=officer, present=given, new=PASSWORD, session_key="", now=NOW)
    confirm(officer, house.two)
    assert opens(house.case, officer)


def _puppet(house: House) -> tuple[User, Tenure]:
    """An administrator whom the first one has just made."""
    puppet = make_member(name="傀儡")
    post = posts.add_post(
        unit=house.office.county, title="傀儡", powers=[Power.ADMINISTER], actor=house.one, now=NOW
    )
    made = posts.appoint(post=post, member=puppet, start_date=TODAY - DAY, actor=house.one, now=NOW)
    return puppet, made
