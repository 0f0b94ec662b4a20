"""A county with a town, and the administrator who imports and exports its organisation."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit


@pytest.fixture
def county() -> Unit:
    return make_unit(code="530499", name="云岭县", kind=Unit.Kind.GOVERNMENT)


@pytest.fixture
def administrator(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="丁管理", username="ding")


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, code="t1", name="望湖镇", kind=Unit.Kind.TOWN)


@pytest.fixture
def client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client
