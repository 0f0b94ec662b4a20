import pytest

from tests.risks.register import Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()
