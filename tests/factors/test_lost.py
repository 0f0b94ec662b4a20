"""A lost second factor is removed by two administrators, and by the console."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bihuan.core.grants import StillWaits
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.second_factor import AskedTooLongAgo, OwnFactor, SameAdministrator
from bihuan.factors import queries
from bihuan.factors.actions import removing
from bihuan.factors.models import RecoveryCode, Removal
from bihuan.factors.refusals import NoFactor, RemovalGone
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.actions import members, posts
from bihuan.orgs.models import SignIn, Unit, User
from tests.clock import PRESENT, StoppedClock
from tests.factories import NOW, TODAY, make_member, make_officer, make_unit
from tests.factors.devices import give_app

pytestmark = pytest.mark.django_db

REASON = "手机丢失，已当面核实。"
DAYS = timedelta(days=1)


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县")


@pytest.fixture
def holder(county: Unit) -> User:
    user = make_officer(county, Power.ADMINISTER, name="钱管理")
    give_app(user)
    return user


@pytest.fixture
def first(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="孙管理")


@pytest.fixture
def second(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="李管理")


def ask(holder: User, actor: User, reason: str = REASON, at: datetime = NOW) -> Removal:
    return removing.ask_removal(holder=holder, actor=actor, reason=reason, now=at)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(member=user).order_by("pk").values_list("what", flat=True))


def test_two_administrators_remove_it(holder: User, first: User, second: User) -> None:
    client = Client()
    client.force_login(holder)
    removal = ask(holder, first)
    assert queries.has_factor(holder)

    removing.confirm_removal(removal=removal, actor=second, now=NOW + DAYS)

    assert not queries.has_factor(holder)
    assert not RecoveryCode.objects.exists()
    assert not SignIn.objects.filter(user=holder).exists()
    entries = Entry.objects.filter(chain__subject=holder.subject).order_by("seq")
    assert [(each.act, each.actor_id) for each in entries][-2:] == [
        ("ask-factor-removal", first.pk),
        ("remove-second-factor", second.pk),
    ]
    assert told(holder)[-2:] == ["ask-factor-removal", "remove-second-factor"]


def test_other_administrators_are_told_and_the_asker_is_not(
    holder: User, first: User, second: User
) -> None:
    elsewhere = make_officer(make_unit(), Power.ADMINISTER)
    handler = make_officer(make_unit(), Power.HANDLE)

    ask(holder, first)

    assert told(second) == ["ask-factor-removal"]
    assert told(first) == told(elsewhere) == told(handler) == []


def test_nobody_confirms_what_they_asked_for(holder: User, first: User) -> None:
    removal = ask(holder, first)

    with pytest.raises(SameAdministrator):
        removing.confirm_removal(removal=removal, actor=first, now=NOW)
    assert queries.has_factor(holder)


def test_the_holder_neither_asks_nor_confirms(holder: User, first: User) -> None:
    with pytest.raises(OwnFactor):
        ask(holder, holder)
    removal = ask(holder, first)
    with pytest.raises(OwnFactor):
        removing.confirm_removal(removal=removal, actor=holder, now=NOW)
    assert queries.has_factor(holder)


def test_only_administrators_over_the_officer_take_part(holder: User, first: User) -> None:
    elsewhere = make_officer(make_unit(), Power.ADMINISTER)
    with pytest.raises(NotAllowed):
        ask(holder, elsewhere)
    removal = ask(holder, first)

    for actor in (elsewhere, make_officer(make_unit(), Power.HANDLE)):
        with pytest.raises(NotAllowed):
            removing.confirm_removal(removal=removal, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            removing.withdraw_removal(removal=removal, actor=actor, now=NOW)


def test_a_reason_is_needed(holder: User, first: User) -> None:
    with pytest.raises(Missing):
        ask(holder, first, reason=" ")


def test_what_is_not_there_is_not_removed(first: User, county: Unit) -> None:
    with pytest.raises(NoFactor):
        ask(make_officer(county, Power.HANDLE), first)


def test_three_days_are_given(holder: User, first: User, second: User) -> None:
    removal = ask(holder, first)

    with pytest.raises(AskedTooLongAgo):
        removing.confirm_removal(removal=removal, actor=second, now=NOW + 3 * DAYS)
    assert queries.open_removal(holder, NOW + 3 * DAYS) is None


def test_asking_again_replaces_what_was_asked(holder: User, first: User, second: User) -> None:
    old = ask(holder, first)
    new = ask(holder, second)

    with pytest.raises(RemovalGone):
        removing.confirm_removal(removal=old, actor=second, now=NOW)
    with pytest.raises(SameAdministrator):
        removing.confirm_removal(removal=new, actor=second, now=NOW)


@pytest.mark.parametrize("by_holder", [True, False])
def test_it_is_withdrawn(holder: User, first: User, second: User, by_holder: bool) -> None:
    removal = ask(holder, first)

    actor = holder if by_holder else first
    removing.withdraw_removal(removal=removal, actor=actor, now=NOW)

    with pytest.raises(RemovalGone):
        removing.confirm_removal(removal=removal, actor=second, now=NOW)
    assert queries.has_factor(holder)


def test_the_pages_lead_from_the_notice_to_the_removal(
    holder: User, first: User, second: User, client: Client, clock: StoppedClock
) -> None:
    at = f"/desk/organisation/members/{holder.username}/second-factor/"
    client.force_login(first)
    client.post(f"{at}lost/", {"reason": REASON})
    client.post(f"{at}lost/confirm/")
    assert queries.has_factor(holder)

    client.force_login(second)
    page = client.get(f"/desk/second-factors/{holder.pk}/", follow=True)
    assert page.redirect_chain[-1][0] == at
    assert REASON in page.content.decode()
    client.post(f"{at}lost/confirm/")

    assert not queries.has_factor(holder)


def test_the_holder_stops_it_on_their_own_page(holder: User, first: User, client: Client) -> None:
    ask(holder, first, at=PRESENT)
    client.force_login(holder)
    assert REASON in client.get("/desk/account/second-factor/").content.decode()

    client.post("/desk/account/second-factor/keep/")

    assert queries.open_removal(holder, PRESENT) is None


def test_others_are_told_nothing_by_the_page(holder: User, client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.ADMINISTER))
    at = f"/desk/organisation/members/{holder.username}/second-factor/"

    for path in (at, f"{at}lost/"):
        assert client.get(path).status_code == 404
    for path in (f"{at}lost/confirm/", f"{at}lost/withdraw/"):
        assert client.post(path).status_code == 404


# ------------------------------------------------------------------- the console
def test_the_console_removes_it_and_says_so(holder: User) -> None:
    call_command("remove_factor", holder.username, reason=REASON)

    assert not queries.has_factor(holder)
    entry = Entry.objects.filter(chain__subject=holder.subject).order_by("seq").last()
    assert entry is not None
    assert (entry.act, entry.actor_id, entry.note) == ("remove-second-factor", None, REASON)
    assert told(holder)[-1] == "remove-second-factor"


def test_the_console_says_who_is_not_there(county: Unit) -> None:
    with pytest.raises(CommandError):
        call_command("remove_factor", "nobody", reason=REASON)
    with pytest.raises(CommandError):
        call_command("remove_factor", make_officer(county).username, reason=REASON)


# ---------------------------------------------------- administrators of one's own making
def puppet_of(county: Unit, maker: User) -> User:
    """An administrator whom another one has just made."""
    puppet = make_member(name="傀儡")
    post = posts.add_post(
        unit=county, title="傀儡", powers=[Power.ADMINISTER], actor=maker, now=NOW
    )
    posts.appoint(post=post, member=puppet, start_date=TODAY, actor=maker, now=NOW)
    return puppet


def test_an_administrator_of_one_s_own_making_confirms_no_removal(
    county: Unit, holder: User, first: User
) -> None:
    removal = ask(holder, first)

    with pytest.raises(StillWaits):
        removing.confirm_removal(removal=removal, actor=puppet_of(county, first), now=NOW)

    assert queries.has_factor(holder)


def test_an_administrator_of_one_s_own_making_asks_for_no_removal(
    county: Unit, holder: User, first: User
) -> None:
    with pytest.raises(StillWaits):
        ask(holder, puppet_of(county, first))


def test_a_reset_administrator_neither_asks_nor_confirms(
    holder: User, first: User, second: User
) -> None:
    removal = ask(holder, first)
    members.reset_password(member=second, actor=first, now=NOW)

    with pytest.raises(StillWaits):
        removing.confirm_removal(removal=removal, actor=second, now=NOW)
    with pytest.raises(StillWaits):
        ask(holder, second)
