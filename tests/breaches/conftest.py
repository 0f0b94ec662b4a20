import pytest

from tests.breaches.register import Office, make_office


@pytest.fixture
def office(db: None) -> Office:
    return make_office()
