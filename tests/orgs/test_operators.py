"""An operator of sites holds no post of an officer: what is not registered for them is closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases import queries as cases
from bihuan.core.powers import OF_OFFICERS, Power, are_together
from bihuan.orgs import access, operators
from bihuan.orgs.actions import posts
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import NotAnOperatorsPost
from tests.factories import (
    NOW,
    TODAY,
    make_case,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)
from tests.sitemap import addresses, routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Unit:
    return make_unit(make_unit(), kind=Unit.Kind.ENTERPRISE)


@pytest.fixture
def operator(firm: Unit) -> User:
    return make_officer(firm, Power.OPERATE)


def _fillings(route: object, name: str) -> Iterator[object]:
    yield 1
    yield "x"


def test_every_page_of_the_desk_is_closed_to_an_operator_unless_it_is_registered(
    client: Client, operator: User
) -> None:
    client.force_login(operator)
    closed = [
        (route, address)
        for route, address in addresses(_fillings)
        if not route.is_public and not operators.is_open(route.name)
    ]

    answers = {
        address: client.get(address).status_code
        for route, address in closed
        if route.name != "desk:today"
    }

    assert len(answers) > 150
    assert {address for address, code in answers.items() if code != 404} == set()


def test_every_act_of_the_desk_is_closed_to_an_operator(client: Client, operator: User) -> None:
    client.force_login(operator)
    closed = [
        address
        for route, address in addresses(_fillings)
        if not route.is_public and not operators.is_open(route.name) and route.name != "desk:today"
    ]

    assert {client.post(address).status_code for address in closed} == {404}


def test_no_page_without_an_account_is_closed_to_an_operator(
    client: Client, operator: User
) -> None:
    client.force_login(operator)

    assert client.get(reverse("portal:front")).status_code == 200
    assert client.get(reverse("orgs:account")).status_code == 200


def test_the_pages_that_are_open_to_operators_exist() -> None:
    known = {route.name for route in routes()}
    own = {name for name in known if operators.is_open(name)}

    assert operators._OWN | operators._registered == own


def test_an_operator_sees_no_case_and_reaches_no_unit(firm: Unit, operator: User) -> None:
    case = make_case(firm)

    assert not cases.may_see(operator, case, NOW)
    assert not cases.visible_to(operator, NOW).exists()
    assert access.seats(operator, TODAY) == ()
    assert access.scope(operator, TODAY) == frozenset()
    assert access.is_operator(operator, TODAY)


def test_an_officer_who_also_acts_for_an_operator_remains_an_officer(
    client: Client, firm: Unit, operator: User
) -> None:
    make_tenure(operator, make_post(make_unit(), Power.REPORT))
    client.force_login(operator)

    assert not access.is_operator(operator, TODAY)
    assert client.get(reverse("desk:today")).status_code == 200


@pytest.mark.parametrize("other", sorted(OF_OFFICERS))
def test_the_power_of_an_operator_stays_alone(firm: Unit, other: Power) -> None:
    administrator = make_officer(firm.parent or firm, Power.ADMINISTER)

    assert not are_together([Power.OPERATE, other])
    with pytest.raises(NotAnOperatorsPost):
        posts.add_post(
            unit=firm, title="联系人", powers=[Power.OPERATE, other], actor=administrator, now=NOW
        )


@pytest.mark.parametrize("kind", sorted(set(Unit.Kind) - posts.OPERATORS))
def test_an_office_operates_no_sites(kind: Unit.Kind) -> None:
    unit = make_unit(kind=kind)
    administrator = make_officer(unit, Power.ADMINISTER)
    post = make_post(unit, Power.REPORT)

    with pytest.raises(NotAnOperatorsPost):
        posts.change_post(
            post=post, title=post.title, powers=[Power.OPERATE], actor=administrator, now=NOW
        )
