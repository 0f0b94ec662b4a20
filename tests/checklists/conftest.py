"""A town with a coordinator who keeps its lists, and a handler who uses them."""

from __future__ import annotations

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit())


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE)


@pytest.fixture
def reader(town: Unit) -> User:
    return make_officer(town, Power.HANDLE)
