"""Fixtures of the tests of imports."""

import pytest

from tests.hazards.district import District, make_district


@pytest.fixture
def district() -> District:
    return make_district()
