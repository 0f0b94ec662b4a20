"""Read a whole table once, in order, fast and in constant memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg
from django.db import connection, models, transaction
from psycopg.types.numeric import Int8BinaryLoader

from bihuan.core.chain import microseconds
from bihuan.quoting import Field, column, field_of, table

ROWS_AT_A_TIME = 2000
_numbers = count(1)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read a consistent snapshot while others continue to write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not `atomic`: it would take the write lock, and hold it during the whole read.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def stream(
    model: type[models.Model],
    fields: Sequence[str],
    *,
    order_by: Sequence[str],
    **equal: Any,
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as tuples, with instants as `microseconds`; use it inside `snapshot`.

    An invalid instant, which only SQLite can store in such a column, is returned as None.
    """
    read = _from_postgresql if connection.vendor == "postgresql" else _from_sqlite
    chosen = [field_of(model, name) for name in fields]
    order = ", ".join(column(field_of(model, name)) for name in order_by)
    conditions = [f"{column(field_of(model, name))} = %s" for name in equal] or ["true"]
    rest = f"FROM {table(model)} WHERE {' AND '.join(conditions)} ORDER BY {order}"
    return read(chosen, rest, list(equal.values()))


def _from_postgresql(
    fields: Sequence[Field], rest: str, values: list[Any]
) -> Iterator[tuple[Any, ...]]:
    # A binary timestamptz already is the number of microseconds since 2000 (core's EPOCH), so it is
    # read as a number, without creating a datetime.
    connection.ensure_connection()
    name = f"stream_{next(_numbers)}"
    statement = f"SELECT {', '.join(map(column, fields))} {rest}"
    with psycopg.ServerCursor(connection.connection, name) as cursor:
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        cursor.execute(statement.encode(), values, binary=True)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from rows


def _from_sqlite(
    fields: Sequence[Field], rest: str, values: list[Any]
) -> Iterator[tuple[Any, ...]]:
    instants = [n for n, field in enumerate(fields) if isinstance(field, models.DateTimeField)]
    columns = [column(field) for field in fields]
    for place in instants:  # the cast bypasses Django's converter, which fails on invalid values
        columns[place] = f"CAST({columns[place]} AS text)"
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} {rest}", values)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            for row in rows:
                changed = list(row)
                for place in instants:
                    changed[place] = _instant(row[place])
                yield tuple(changed)


def _instant(text: str) -> int | None:
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return microseconds(at if at.tzinfo else at.replace(tzinfo=UTC))
