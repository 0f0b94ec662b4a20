"""Fixtures of the tests of the organisation."""

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit
from tests.orgs.granting import House, make_house
from tests.orgs.pairs import Pair, make_pair


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def county() -> Unit:
    return make_unit()


@pytest.fixture
def administrator(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER)


@pytest.fixture
def pair() -> Pair:
    return make_pair()
