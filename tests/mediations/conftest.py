"""Fixtures of the mediation tests."""

import pytest

from tests.clock import PRESENT
from tests.mediations.table import Office, make_office


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def office_now(db: None) -> Office:
    """An office whose acts are made at the instant that pages read."""
    return make_office(PRESENT)
