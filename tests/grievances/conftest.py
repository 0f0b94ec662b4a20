"""Fixtures of the tests of grievances."""

from uuid import uuid4

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit
from tests.grievances.offices import Realm, make_realm


@pytest.fixture
def realm() -> Realm:
    return make_realm()


# ------------------------------------------------------------------ desk intake
@pytest.fixture
def town() -> Unit:
    county = make_unit(name="云溪县")
    make_officer(county, Power.COORDINATE, Power.APPROVE, name="李局长")
    return make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)


@pytest.fixture
def clerk(town: Unit, client: Client) -> User:
    clerk = make_officer(town, Power.REPORT, name="周窗口")
    client.force_login(clerk)
    return clerk


@pytest.fixture
def form(town: Unit) -> dict[str, object]:
    return {
        "form_key": str(uuid4()),
        "channel": "phone",
        "kind": "suggestion",
        "title": "镇上增设晚班公交",
        "description": "末班车太早，下夜班回不了家。",
        "unit": str(town.pk),
    }
