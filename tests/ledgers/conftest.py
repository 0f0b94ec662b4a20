"""An office that brings its ledger in, and a shelf of its own for each test that asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Path:
    """Where uploads and results lie."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县")


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, name="双河镇")


@pytest.fixture
def officer(county: Unit) -> User:
    return make_officer(county, Power.COORDINATE, name="李调度")


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client
