"""Who may confirm what an administrator granted, and what it takes."""

from __future__ import annotations

import pytest

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.actions import granting, members, posts
from bihuan.orgs.models import Post
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_tenure
from tests.orgs.granting import (
    DAY,
    SECOND,
    House,
    appointed,
    confirm,
    make_house,
    opens,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


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
