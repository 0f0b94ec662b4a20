"""Fixtures of the hazard tests."""

import pytest

from tests.hazards.district import District, make_district


@pytest.fixture
def district() -> District:
    return make_district()
