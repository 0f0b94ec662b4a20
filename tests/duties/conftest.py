import pytest

from tests.duties.register import Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()
