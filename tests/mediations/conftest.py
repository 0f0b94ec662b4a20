"""Fixtures of the mediation tests."""

import pytest
from django.utils import timezone

from tests.mediations.table import Office, make_office


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def office_now(db: None) -> Office:
    """An office whose acts are made as of now: pages read the real clock."""
    return make_office(timezone.now())
