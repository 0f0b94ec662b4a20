"""The database goes away, between requests, within one and for a while: said clearly, nothing half
done, and all goes on by itself once it is back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from tests.faults.officers import REPORT, Officer, Reply
from tests.faults.processes import COORDINATOR, PASSWORD, Installation, kill, ready, serving
from tools.visitor import Visitor

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

REQUESTS = 20  # enough for every thread of both of the server's processes
KEPT = "您填写的文字已保存在当前标签页中"


class Database:
    """The database of an installation, as its administrator sees it from beside."""

    def __init__(self, url: str) -> None:
        self.name = urlsplit(url).path[1:]
        related = urlsplit(url)._replace(path="/postgres").geturl()
        self._server = psycopg.connect(related, autocommit=True)

    def cut_all(self) -> None:
        """End every connection to it, and wait until they are gone."""
        self._server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
            [self.name],
        )

    def cut_whoever_waits(self) -> bool:
        """End the connections that wait for a lock; False where none does."""
        cut = self._server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = %s AND wait_event_type = 'Lock'",
            [self.name],
        )
        return cut.fetchone() is not None

    @contextmanager
    def out_of_reach(self) -> Iterator[None]:
        self._allow("false")
        self.cut_all()
        try:
            yield
        finally:
            self._allow("true")

    def _allow(self, yes: str) -> None:
        self._server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {yes}'.encode())

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def database(installation: Installation) -> Iterator[Database]:
    ready(installation)
    database = Database(installation.database_url)
    yield database
    database.close()


@pytest.fixture
def officer(installation: Installation, database: Database) -> Iterator[Officer]:
    with serving(installation) as address:
        yield Officer(address, COORDINATOR, PASSWORD)


def report(officer: Officer) -> dict[str, str]:
    """A form that is filled in and waits to be sent."""
    page = officer.ask(REPORT)
    assert page.status == 200
    return {
        "form_key": str(uuid4()),
        "title": "疏散通道被占用",
        "place": "综合楼二层",
        "unit": officer.first_unit(page.page),
        "found_date": "2026-01-05",
    }


def is_outage(reply: Reply) -> bool:
    return reply.status == 503 and "无法连接数据库" in reply.page and KEPT in reply.page


def test_connections_that_were_cut_between_requests_are_not_noticed(
    officer: Officer, database: Database
) -> None:
    for _ in range(2):
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(officer.ask, ["/desk/cases/"] * REQUESTS))
        assert [reply.status for reply in replies] == [200] * REQUESTS
        database.cut_all()

    assert officer.ask(REPORT, report(officer)).status == 302


def test_a_connection_cut_within_a_request_undoes_it_and_the_next_one_works(
    officer: Officer, database: Database, installation: Installation
) -> None:
    number = officer.ask(REPORT, report(officer)).location.rstrip("/").rpartition("/")[2]
    comment = {"version": "1", "note": "现场已看"}
    address = f"/desk/cases/{number}/comment/"
    other = psycopg.connect(installation.database_url)
    with closing(other), ThreadPoolExecutor(1) as pool:
        other.execute("SELECT 1 FROM cases_case WHERE number = %s FOR UPDATE", [number])
        reply = pool.submit(officer.ask, address, comment)
        while not database.cut_whoever_waits():
            assert not reply.done(), reply.result()
            time.sleep(0.02)
        assert is_outage(reply.result())

    assert officer.ask(address, comment).status == 302
    timeline = officer.ask(f"/desk/cases/{number}/").page
    assert timeline.count("现场已看") == 1
    assert installation.run("journal", "verify").status == 0


def test_a_database_out_of_reach_is_said_everywhere_and_nothing_needs_a_restart(
    officer: Officer, database: Database, installation: Installation
) -> None:
    form = report(officer)
    with (installation.folder / "worker").open("wb") as log:
        worker = installation.start("work", log=log)
        try:
            _wait_for_a_run(installation)
            with database.out_of_reach():
                assert is_outage(officer.ask("/desk/cases/"))
                assert is_outage(officer.ask(REPORT, form))
                assert officer.ask("/healthz", signed_in=False).status == 200
                readiness = officer.ask("/readyz", signed_in=False)
                assert readiness.status == 503
                assert "database: cannot be reached" in json.loads(readiness.page)["reasons"]
                command = installation.run("tick")
                assert (command.status, command.err.count("\n")) == (2, 1)
                assert "not currently accepting connections" in command.err

            assert officer.ask(REPORT, form).status == 302
            _wait_for_a_run(installation)
            assert worker.poll() is None
        finally:
            kill(worker)


def test_a_stranger_hears_of_an_outage_too(installation: Installation, database: Database) -> None:
    with serving(installation) as address, database.out_of_reach():
        visitor = Visitor(address)
        assert visitor.answers("/healthz")
        assert visitor.answers("/")


def _wait_for_a_run(installation: Installation) -> None:
    """Until the worker has begun a turn that nobody had taken before."""
    with psycopg.connect(installation.database_url, autocommit=True) as database:
        count = "SELECT coalesce(max(id), 0) FROM web_run"
        before = database.execute(count).fetchone()
        until = time.monotonic() + 60
        while database.execute(count).fetchone() == before:
            assert time.monotonic() < until, "the worker does nothing"
            time.sleep(0.1)
