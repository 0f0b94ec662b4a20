"""Fixtures of the tests of the interfaces."""

import pytest

from bihuan.grievances.models import Category
from bihuan.orgs.models import Unit
from tests.api.calls import make_key, make_tree
from tests.factories import make_unit


@pytest.fixture
def tree(db: None) -> dict[str, Category]:
    return make_tree()


@pytest.fixture
def county(db: None) -> Unit:
    return make_unit(name="云榆县")


@pytest.fixture
def key(county: Unit, tree: dict[str, Category]) -> str:
    return make_key(county)
