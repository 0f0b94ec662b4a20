"""Fixtures of the tests of grievances."""

import pytest

from tests.grievances.offices import Realm, make_realm


@pytest.fixture
def realm() -> Realm:
    return make_realm()
