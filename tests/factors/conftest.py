"""Fixtures of the tests of second steps."""

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import User
from tests.factories import make_officer, make_unit


@pytest.fixture
def administrator() -> User:
    return make_officer(make_unit(), Power.ADMINISTER)


@pytest.fixture
def user() -> User:
    return make_officer(make_unit(), Power.ADMINISTER)
