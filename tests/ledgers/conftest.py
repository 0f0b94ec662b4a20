"""An office that brings its ledger in, and a shelf of its own for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from bihuan.core.powers import Power
from bihuan.orgs.management.commands import load_district
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Path:
    """Where uploads and results lie."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


DISTRICT = Path(load_district.__file__).parents[2] / "data/demo_district.toml"


@contextmanager
def kept_for_a_file(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What takes long to bring in, for all tests of a file, in a transaction around theirs.

    In such a file nothing else may be at work.
    """
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # a server has no such
    with blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo_district(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo county 云榆县, with all its units, posts and officers."""
    with kept_for_a_file(django_db_blocker):
        call_command("load_district", str(DISTRICT), verbosity=0)
        yield


@pytest.fixture
def demo_county(demo_district: None, db: None) -> Unit:
    return Unit.objects.get(code="530499")


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云岭县", code="530499")


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
