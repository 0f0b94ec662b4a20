"""Fixtures of the hazard tests."""

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import User
from tests.factories import make_officer
from tests.hazards.district import District, make_district


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def d() -> District:
    return make_district()


@pytest.fixture
def own(district: District) -> User:
    """Who coordinates in the very unit that fixes."""
    return make_officer(district.town, Power.COORDINATE)


@pytest.fixture
def chief(district: District) -> User:
    """Another leader of the county than the one who lists."""
    return make_officer(district.county, Power.APPROVE, Power.SUPERVISE, Power.COORDINATE)
