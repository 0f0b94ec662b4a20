"""Fixtures of the tests of the public's side."""

import pytest

from tests.cases.public import Office, make_office


@pytest.fixture
def office() -> Office:
    return make_office()
