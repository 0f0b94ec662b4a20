"""The site as a real server on a real database: nothing is wrapped in a transaction of the test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from bihuan.figures.actions import recounting
from tests.clock import StoppedClock
from tests.walk.site import Site
from tests.walk.world import World, make_world


@pytest.fixture
def transactional_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[None]:
    """A copy of the tests' database, thrown away afterwards: that is sooner done than emptying one.

    On SQLite it is a file, for which each thread has its own connection; in memory they would
    all share that of the test.
    """
    copied = _copied_file if connection.vendor == "sqlite" else _copied_database
    with django_db_blocker.unblock(), copied(tmp_path):
        yield


@contextmanager
def _copied_file(folder: Path) -> Iterator[None]:
    stored, file = connection.connection, folder / "db"
    file.touch(mode=0o600)  # as `check` wants it
    with sqlite3.connect(file) as copy:
        stored.backup(copy)
    copy.close()
    connection.connection = None
    with _named(str(file)):
        yield
    connection.connection = stored


@contextmanager
def _copied_database(_folder: Path) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    copy = f"{name}_walk"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    with _named(copy):
        yield
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Every connection that is opened meanwhile, in whatever thread, leads to this database."""
    stored = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = stored


@pytest.fixture
def site(transactional_db: None, clock: StoppedClock) -> Iterator[Site]:
    """The running site, empty."""
    server = LiveServer("127.0.0.1")
    site = Site(server.url, clock)
    yield site
    site.close()
    server.stop()


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    """A county at work, with an officer of each kind signed in, and somebody of the public.

    Whatever they did, the counters were kept with it.
    """
    world = make_world(site)
    yield world
    assert list(recounting.recount(now=world.site.now, dry_run=True)) == []
