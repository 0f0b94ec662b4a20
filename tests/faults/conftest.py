"""An installation of its own on the engine of the present run; and somebody at a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.factories import Cast, make_cast, make_unit
from tests.faults.processes import Installation, on_sqlite


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Empty: on a database of its own beside that of the tests."""
    if connection.vendor != "postgresql":
        yield on_sqlite(tmp_path)
        return
    url, name = os.environ["BIHUAN_DATABASE_URL"], f"faults_{token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield Installation(tmp_path, urlsplit(url)._replace(path=f"/{name}").geturl())
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(make_unit(make_unit()))


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """Where whoever reports sits, signed in."""
    client.force_login(cast.reporter)
    return client
