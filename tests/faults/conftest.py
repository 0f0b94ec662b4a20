"""An installation of its own on the engine of the present run; and somebody at a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.factories import Cast, make_cast, make_unit
from tests.faults.places import Place, empty, prepared
from tests.faults.processes import Installation, on_postgresql, on_sqlite, ready


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Empty: on a database of its own beside that of the tests."""
    if connection.vendor == "postgresql":
        with on_postgresql(tmp_path) as office:
            yield office
    else:
        yield on_sqlite(tmp_path)


@pytest.fixture
def place(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("backups")
    office = ready(installation)
    with empty(office, folder / "other") as other:
        yield prepared(office, other, folder)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(make_unit(make_unit()))


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """Where whoever reports sits, signed in."""
    client.force_login(cast.reporter)
    return client
