"""The site as a real server on a real database: nothing is wrapped in a transaction of the test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests.clock import StoppedClock
from tests.walk.site import Site
from tests.walk.world import World, make_world


@pytest.fixture
def real_database(django_db_setup: None, tmp_path: Path) -> Iterator[None]:
    """On SQLite a copy of the tests' database in a file, for which each thread has its own
    connection; in memory they would all share that of the test."""
    if connection.vendor != "sqlite":
        yield
        return
    raw, name, file = connection.connection, connection.settings_dict["NAME"], tmp_path / "db"
    with sqlite3.connect(file) as copy:
        raw.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = raw, name


@pytest.fixture
def site(real_database: None, transactional_db: None, clock: StoppedClock) -> Iterator[Site]:
    """The running site, empty."""
    server = LiveServer("127.0.0.1")
    site = Site(server.url, clock)
    yield site
    site.close()
    server.stop()


@pytest.fixture
def world(site: Site) -> World:
    """A county at work, with an officer of each kind signed in, and somebody of the public."""
    return make_world(site)
