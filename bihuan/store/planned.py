"""SQL statements that PostgreSQL plans once per connection."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# The transaction, which is this statement alone, is flushed to disk with a later one.
_LAZILY = ", set_config('synchronous_commit', 'off', true)"


def this_threads_own() -> BaseDatabaseWrapper:
    """Return the actual connection of this thread: the `connection` proxy resolves it for each
    attribute.
    """
    return connections[DEFAULT_DB_ALIAS]


def first_row(
    statement: str, values: Sequence[Any] = (), *, async_commit: bool = False
) -> tuple[Any, ...] | None:
    """Run one statement and return its first row, or None if it returns none.

    `async_commit` is for a statement with RETURNING whose loss in a crash is harmless: outside a
    transaction it does not wait for the disk.
    """
    own = this_threads_own()
    if own.vendor != "postgresql":
        return _as_django_does(statement, values)
    if async_commit and not own.in_atomic_block:
        statement += _LAZILY
    if own.queries_logged:  # with its values, as everything in the log
        return _as_django_does(statement, values)
    own.close_if_health_check_failed()
    own.ensure_connection()
    with own.wrap_database_errors, psycopg.RawCursor(own.connection) as cursor:
        cursor.execute(_numbered(statement), values)
        return cursor.fetchone() if cursor.description else None


def all_rows(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return all its rows."""
    own = this_threads_own()
    if own.vendor != "postgresql" or own.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    own.close_if_health_check_failed()
    own.ensure_connection()
    with own.wrap_database_errors, psycopg.RawCursor(own.connection) as cursor:
        cursor.execute(_numbered(statement), values)
        return cursor.fetchall()


def _as_django_does(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


@lru_cache(maxsize=64)
def _numbered(statement: str) -> str:
    """Convert placeholders to PostgreSQL's own notation, so that they are parsed only once."""
    first, *others = statement.split("%s")
    return first + "".join(f"${n}{piece}" for n, piece in enumerate(others, start=1))
