"""An administrator names the stand-in of an officer who cannot do it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs import stand_ins
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, StandInOffer, Tenure
from bihuan.orgs.refusals import NotEqualPowers, OwnStandIn
from tests.clock import PRESENT
from tests.factories import TODAY, make_officer, make_post, make_tenure
from tests.orgs.pairs import Pair, accepted, make_pair, reaches

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Pair:
    return make_pair()


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_an_administrator_asks_for_an_ill_officer_and_both_are_told(pair: Pair) -> None:
    administrator = make_officer(pair.town, Power.ADMINISTER)

    offer = pair.ask(by=administrator)

    entry = Entry.objects.get(act=OrgAct.NAME_STAND_IN)
    assert entry.actor == administrator
    told = set(Notice.objects.values_list("member", flat=True))
    assert told == {pair.colleague.pk, pair.holder.pk}
    assert not reaches(pair.colleague, pair.town)
    accepted(offer)
    assert reaches(pair.colleague, pair.town) == {Power.HANDLE, Power.COORDINATE}


def test_an_administrator_of_another_unit_names_nobody(pair: Pair) -> None:
    for other in (make_officer(pair.next_town, Power.ADMINISTER), pair.colleague):
        with pytest.raises(NotAllowed):
            pair.ask(by=other)

    assert not StandInOffer.objects.exists()


def test_an_administrator_does_not_name_themselves(pair: Pair) -> None:
    make_tenure(pair.colleague, make_post(pair.county, Power.ADMINISTER))

    with pytest.raises(OwnStandIn):
        pair.ask(pair.colleague, by=pair.colleague)


def test_the_powers_are_the_same_as_for_the_holder_s_own_choice(pair: Pair) -> None:
    administrator = make_officer(pair.town, Power.ADMINISTER)
    less = make_officer(pair.town, Power.HANDLE)

    with pytest.raises(NotEqualPowers):
        pair.ask(less, by=administrator)


def test_the_page_of_the_unit_offers_it_and_shows_who_is_asked(pair: Pair) -> None:
    administrator = signed_in(make_officer(pair.county, Power.ADMINISTER))
    unit = f"/desk/organisation/units/{pair.town.code}/"
    path = f"/desk/organisation/tenures/{pair.tenure.pk}/stand-in/"
    assert path in administrator.get(unit).content.decode()

    today = localdate(PRESENT)
    sent = {"member": pair.colleague.pk, "start_date": today, "end_date": today}
    answer = administrator.post(path, sent)

    assert answer["Location"] == unit
    offer = StandInOffer.objects.get()
    assert f"/desk/account/stand-ins/asked/{offer.pk}/" in administrator.get(unit).content.decode()
    assert signed_in(pair.colleague).get(path).status_code == 403


def test_where_nobody_can_be_named_the_account_says_which_power_is_lacking(pair: Pair) -> None:
    Post.objects.filter(tenures__member=pair.colleague).update(powers=["handle"])

    page = signed_in(pair.holder).get("/desk/account/").content.decode()

    assert "没有其他人员具有权限统筹人员" in page
    assert f"/desk/account/posts/{pair.tenure.pk}/stand-in/" not in page


def test_powers_that_no_single_officer_has_are_named_together(pair: Pair) -> None:
    Post.objects.filter(tenures__member=pair.colleague).update(powers=["handle"])
    make_officer(pair.town, Power.COORDINATE)

    found = stand_ins.lacking(Tenure.objects.get(member=pair.holder), TODAY)

    assert found == (frozenset({Power.HANDLE, Power.COORDINATE}), False)
