"""Fixtures of the tests of the interfaces."""

from collections.abc import Iterator

import pytest
from django.core.servers.basehttp import WSGIServer
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler, _StaticFilesHandler

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


class OneAtATime(LiveServerThread):
    """The live server in one thread, which is over when the test is.

    With a thread for each request, one may still close its connection after the test has ended.
    """

    def _create_server(self, connections_override: object = None) -> WSGIServer:
        return WSGIServer(
            (self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False
        )


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of the application, which answers there."""
    connection = connections[DEFAULT_DB_ALIAS]
    in_memory = isinstance(connection, DatabaseWrapper) and connection.is_in_memory_db()
    shared = {DEFAULT_DB_ALIAS: connection} if in_memory else {}
    thread = OneAtATime("127.0.0.1", _StaticFilesHandler, connections_override=shared)
    thread.daemon = True
    connection.inc_thread_sharing()
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    connection.dec_thread_sharing()
