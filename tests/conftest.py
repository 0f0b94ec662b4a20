"""What every test stands on: no network, and either database engine."""

import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import hypothesis
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from bihuan.tallies import watching
from tests import migrated
from tests.clock import PRESENT, StoppedClock, freeze
from tests.emptying import empty_all
from tests.transactions import require_transaction

LOOPBACK = ("127.", "::1", "localhost")


class NetworkUsed(BaseException):
    """A test reached for another machine; not an `Exception`, so that no code can swallow it."""


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event[:7] != "socket.":  # each import, each file, each connection comes by here
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name and not name.startswith(LOOPBACK):
        raise NetworkUsed(f"{event} {name}")


LONG = ("slow", "walk")
# Who asks for one of these asks a database; a test that does not is kept from every one.
DATABASE = {"db", "transactional_db", "live_server", "installation"}


def pytest_configure() -> None:
    sys.addaudithook(_refuse_network)
    gc.set_threshold(50_000)  # a look at what can be thrown away is seldom worth it here
    # The same examples each time, as long as they take: at a desk as in the build.
    hypothesis.settings.load_profile("ci")


_clock = freeze()


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    """What pages, commands and the worker read; the test can let time pass."""
    yield _clock
    _clock.at = PRESENT


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool(DATABASE & {*fixtures})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks a database can be chosen; what needs PostgreSQL says so on SQLite.

    What takes long comes first, so that no core waits for the other at the end.
    """
    items.sort(key=lambda item: not any(map(item.get_closest_marker, LONG)))
    for item in items:
        if _asks_a_database(item):
            item.add_marker("database")
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))


def pytest_collection_finish() -> None:
    """The modules and ten thousand tests stay to the end, and are not looked at again."""
    gc.freeze()


class CountQueries(Protocol):
    """Counts the queries of a block: `with count_queries() as queries: ...; len(queries)`."""

    def __call__(self) -> AbstractContextManager[CaptureQueriesContext]: ...


@pytest.fixture
def count_queries(db: None) -> CountQueries:
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A browser asks for several things at once, and SQLite in memory has but one connection."""
    database = settings.DATABASES["default"]
    browsing = any(item.get_closest_marker("browser") for item in request.session.items)
    if browsing and database["ENGINE"].endswith("sqlite3"):
        file: Path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The database of this process, as pytest-django would make it, but copied and not migrated."""
    creation, kept = connection.creation, connection.settings_dict["NAME"]
    name = creation._get_test_db_name()  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), migrated.copied_to(name):
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(kept, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _files_go_to_a_folder_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stored files are written and renamed on a real disk."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    # Not there yet, as on a machine whose database lies on another; never that of the desk.
    settings.VAR = tmp_path_factory.getbasetemp() / "var"
    settings.HOUR_KEYS = tmp_path_factory.mktemp("keys") / "hours"


@pytest.fixture(autouse=True)
def _nothing_seen_of_proxies() -> Iterator[None]:
    """What the requests of one test showed of proxies is nothing to the next."""
    yield
    watching._noted.clear()
    for path in settings.HOUR_KEYS.glob("proxy-*"):
        path.unlink()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """What language a request of one test asked for is nothing to the next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _every_act_has_a_transaction() -> Iterator[None]:
    """The one around the test is none, since a server has no such."""
    with connection.execute_wrapper(require_transaction):
        yield


@pytest.fixture(scope="session", autouse=True)
def _emptying_is_quick() -> Iterator[None]:
    """Let the end of a transactional test empty only what holds rows: few of a hundred tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty_all)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield
