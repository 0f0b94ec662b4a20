"""A connection is tried without a question while it is in use, and with one after a pause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from django.db import connection
from django.db.backends.postgresql import base

from bihuan.store.postgresql.base import PAUSE, DatabaseWrapper
from bihuan.store.prepared import this_threads_own

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    stored = this_threads_own()
    assert isinstance(stored, DatabaseWrapper)
    stored.ensure_connection()
    monkeypatch.setattr(stored, "_asked_at", -PAUSE)
    yield stored
    connection.close()


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    now = monotonic()
    with monkeypatch.context() as patch:
        patch.setattr("bihuan.store.postgresql.base.monotonic", lambda: now + seconds)
        yield


def sent(own: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the server is asked."""
    count = 0
    ask = base.DatabaseWrapper.is_usable

    def counted(wrapper: DatabaseWrapper) -> bool:
        nonlocal count
        count += 1
        return bool(ask(wrapper))

    with monkeypatch.context() as patch:
        patch.setattr(base.DatabaseWrapper, "is_usable", counted)
        assert own.is_usable()
    return count


def test_only_the_first_of_many_tries_asks(
    own: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [sent(own, monkeypatch) for _ in range(3)] == [1, 0, 0]


def test_after_a_pause_it_asks_again(own: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own.is_usable()

    with later(monkeypatch, PAUSE + 1):
        assert sent(own, monkeypatch) == 1


def test_a_connection_that_the_server_ended_is_known_at_once(own: DatabaseWrapper) -> None:
    assert own.is_usable()
    other = own.copy()
    with other.cursor() as cursor:
        number = own.connection.info.backend_pid
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [number])
    other.close()

    assert not own.is_usable()


def test_one_that_was_closed_here_is_not_usable(own: DatabaseWrapper) -> None:
    assert own.is_usable()
    own.connection.close()

    assert not own.is_usable()
