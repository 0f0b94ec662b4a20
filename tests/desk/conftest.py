"""Fixtures of the tests of the officers' pages."""

import pytest

from tests.cases.public import Office, make_office
from tests.factories import Cast, make_cast, make_unit
from tests.hazards.district import District, make_district


@pytest.fixture
def cast() -> Cast:
    """The people of a loop in a town of a county."""
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


@pytest.fixture
def d() -> District:
    return make_district()


@pytest.fixture
def office() -> Office:
    return make_office()
