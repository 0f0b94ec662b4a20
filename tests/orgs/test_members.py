"""Officers' accounts: who may open, change and close them."""

import pytest
from django.core.exceptions import ValidationError

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.actions import members, signing_in
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import SignIn, Unit, User
from bihuan.orgs.refusals import AlreadyThere
from tests.factories import NOW, make_member, make_officer, make_post, make_tenure, make_unit

pytestmark = pytest.mark.django_db
HERE = Place("198.51.100.1")


def test_a_new_account_has_a_password_for_one_sign_in(administrator: User) -> None:
    member, password = members.add_member(
        username="New.One", name="新人", actor=administrator, now=NOW
    )

    signed_in = signing_in.attempt(username="new.one", password=password, place=HERE, now=NOW)
    assert signed_in == member
    assert member.must_change_password


def test_a_user_name_is_given_once(administrator: User) -> None:
    make_member(username="taken")

    with pytest.raises(AlreadyThere):
        members.add_member(username="Taken", name="x", actor=administrator, now=NOW)


def test_a_given_password_keeps_the_rules(administrator: User) -> None:
    with pytest.raises(ValidationError):
        members.add_member(username="x", name="x", password="short", actor=administrator, now=NOW)


def test_a_reset_unlocks_and_signs_out(administrator: User) -> None:
    member = make_member()
    User.objects.filter(pk=member.pk).update(locked_until=NOW.replace(year=2030))
    SignIn.objects.create(session_key="k", user=member, expire_date=NOW.replace(year=2030))

    password = members.reset_password(member=member, actor=administrator, now=NOW)

    assert (
        signing_in.attempt(username=member.username, password=password, place=HERE, now=NOW)
        == member
    )
    assert not SignIn.objects.filter(user=member).exists()


def test_no_password_is_in_the_journal(administrator: User) -> None:
    _member, password = members.add_member(username="x", name="x", actor=administrator, now=NOW)

    result = "".join(f"{entry.note}{entry.detail}" for entry in Entry.objects.all())
    assert password not in result
    assert "argon2" not in result
    assert "md5" not in result


def test_a_town_administrator_has_no_hold_on_officers_of_the_county(county: Unit) -> None:
    town = make_unit(county)
    officer = make_officer(town, Power.ADMINISTER)
    leader = make_officer(county, Power.APPROVE)
    both = make_officer(town, Power.HANDLE)
    make_tenure(both, make_post(county, Power.VERIFY))

    for member in (leader, both):
        with pytest.raises(NotAllowed):
            members.reset_password(member=member, actor=officer, now=NOW)
        with pytest.raises(NotAllowed):
            members.change_member(member=member, name="x", work_phone="", actor=officer, now=NOW)
        with pytest.raises(NotAllowed):
            members.deactivate_member(member=member, actor=officer, reason="x", now=NOW)


@pytest.mark.parametrize("power", [power for power in Power if power != Power.ADMINISTER])
def test_no_other_power_opens_accounts(county: Unit, power: Power) -> None:
    with pytest.raises(NotAllowed):
        members.add_member(username="x", name="x", actor=make_officer(county, power), now=NOW)


def test_closing_an_account_signs_out_at_once_and_needs_a_reason(administrator: User) -> None:
    member = make_member()
    SignIn.objects.create(session_key="k", user=member, expire_date=NOW.replace(year=2030))

    with pytest.raises(Missing):
        members.deactivate_member(member=member, actor=administrator, reason="", now=NOW)
    closed = members.deactivate_member(member=member, actor=administrator, reason="退休", now=NOW)

    assert not closed.is_active
    assert not SignIn.objects.filter(user=member).exists()


def test_a_closed_account_is_opened_again_with_a_new_password(administrator: User) -> None:
    member = make_member()
    members.deactivate_member(member=member, actor=administrator, reason="借调", now=NOW)

    member, password = members.reactivate_member(member=member, actor=administrator, now=NOW)

    assert (
        signing_in.attempt(username=member.username, password=password, place=HERE, now=NOW)
        == member
    )
