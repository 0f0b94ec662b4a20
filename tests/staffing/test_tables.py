"""Vacant posts, officers with several posts, and what an officer may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.orgs.actions import stand_in_offers
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.staffing import allowed, queries
from tests.factories import (
    NOW,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)
from tests.orgs.pairs import accepted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云岭县")


@pytest.fixture
def administrator(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_posts_that_no_one_holds_today_are_vacant(county: Unit, administrator: User) -> None:
    left, coming, held, ended = (make_post(county, Power.HANDLE) for _ in range(4))
    make_tenure(make_member(), left, end_date=TODAY - DAY)
    make_tenure(make_member(name="来者"), coming, start_date=TODAY + DAY)
    make_tenure(make_member(), held)
    type(ended).objects.filter(pk=ended.pk).update(end_date=TODAY - DAY)

    found = {each.post: each for each in queries.vacancies(administrator, NOW)}

    assert list(found) == [left, coming]
    assert found[left].since == TODAY - DAY
    following = found[coming].following
    assert following is not None
    assert following.member.name == "来者"


def test_a_post_whose_holder_has_a_stand_in_is_not_vacant(
    county: Unit, administrator: User
) -> None:
    holder, colleague = (make_officer(county, Power.HANDLE) for _ in "12")
    accepted(stand_in_offers.name_stand_in(
        tenure=Tenure.objects.get(member=holder), member=colleague, start_date=TODAY,
        end_date=TODAY, actor=holder, now=NOW,
    ))  # fmt: skip

    assert queries.vacancies(administrator, NOW) == []
    assert queries.several_posts(administrator, TODAY) == []


def test_only_units_that_the_officer_administers_are_listed(county: Unit) -> None:
    town, other = make_unit(county), make_unit(county)
    make_post(other)
    post = make_post(town)
    own = make_officer(town, Power.ADMINISTER)

    assert [each.post for each in queries.vacancies(own, NOW)] == [post]


def test_who_handles_and_verifies_in_one_place_is_marked(county: Unit, administrator: User) -> None:
    town = make_unit(county)
    both, apart = make_member(name="甲"), make_member(name="乙")
    make_tenure(both, make_post(town, Power.HANDLE))
    make_tenure(both, make_post(county, Power.VERIFY))
    make_tenure(apart, make_post(town, Power.HANDLE))
    make_tenure(apart, make_post(make_unit(county), Power.VERIFY))

    found = queries.several_posts(administrator, TODAY)

    assert [(each.member, each.checks_own) for each in found] == [(apart, False), (both, True)] or [
        (each.member, each.checks_own) for each in found
    ] == [(both, True), (apart, False)]


def test_what_an_officer_may_do_is_what_the_rules_say(county: Unit) -> None:
    officer = make_officer(county, Power.HANDLE, Power.REPORT)

    lines = [marks for _, marks in allowed.lines(officer, TODAY)]
    acts = {str(act) for kind in allowed.acts(officer, TODAY) for act, _ in kind.acts}

    assert sum(has for marks in lines for _, has in marks) == 2
    assert acts
    assert allowed.acts(make_member(), TODAY) == []


def test_pages_open_for_those_who_may_see_them(county: Unit, administrator: User) -> None:
    officer = make_officer(county, Power.HANDLE, name="李四", start_date=TODAY - 400 * DAY)
    own, over = signed_in(officer), signed_in(administrator)

    assert "李四" in own.get("/desk/account/powers/").content.decode()
    page = f"/desk/organisation/powers/{officer.username}/"
    assert over.get(page).status_code == 200
    assert own.get(page).status_code == 404
    assert over.get("/desk/organisation/vacancies/").status_code == 200
    answer = over.get("/desk/organisation/vacancies/workbook/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
