"""New rows of several tables, written by one statement.

Django writes a statement for each row, puts each together anew and waits for its answer before
the next. What comes in by the hundred a second is written together (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BigAutoField, ForeignKey, Model

from bihuan.store.columns import Field, column, table, this_threads_own
from bihuan.store.planned import first_row


def insert_together(rows: Sequence[Model]) -> None:
    """Insert new records, all of them or none; one may refer to another that stands before it.

    Like `save(force_insert=True)` on each, but for signals.
    """
    if connection.vendor != "postgresql":
        for row in rows:
            row.save(force_insert=True)
        return
    if not rows:
        return
    _give_keys([row for row in rows if row.pk is None and _is_counted(type(row))])
    own = this_threads_own()
    values = [value for row in rows for value in _values(row, own)]
    first_row(_statement(tuple(map(type, rows))), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _statement(models: tuple[type[Model], ...]) -> str:
    """One INSERT for each row; all but the last stand in front of it, under names nobody needs."""
    *others, last = [_insert(model) for model in models]
    named = ", ".join(f"row_{n} AS ({other})" for n, other in enumerate(others))
    return f"WITH {named} {last}" if named else last


def _insert(model: type[Model]) -> str:
    fields = model._meta.local_concrete_fields
    columns, places = ", ".join(map(column, fields)), ", ".join(map(_place, fields))
    return f"INSERT INTO {table(model)} ({columns}) VALUES ({places})"


def _place(field: Field) -> str:
    """How the field wants its value written; most do not say."""
    said = getattr(field, "get_placeholder", None)
    return said(None, None, connection) if said else "%s"


def _values(row: Model, own: BaseDatabaseWrapper) -> Iterator[Any]:
    for field in row._meta.local_concrete_fields:
        value = field.pre_save(row, True)
        if value is None and isinstance(field, ForeignKey) and field.is_cached(row):
            # The other record got its key after this one was told of it.
            other = field.get_cached_value(row)
            value = None if other is None else other.pk
            setattr(row, field.attname, value)
        yield field.get_db_prep_save(value, own)


def _is_counted(model: type[Model]) -> bool:
    return isinstance(model._meta.pk, AutoField | BigAutoField)


def _give_keys(rows: Sequence[Model]) -> None:
    """Take a key for each row, so that others can refer to it before it is there."""
    if not rows:
        return
    keys = first_row(_next_keys(tuple(map(type, rows))))
    for row, key in zip(rows, keys or (), strict=True):
        row.pk = key


@lru_cache(maxsize=64)
def _next_keys(models: tuple[type[Model], ...]) -> str:
    counters = (
        f"nextval(pg_get_serial_sequence('{table(model)}', '{model._meta.pk.column}'))"
        for model in models
    )
    return f"SELECT {', '.join(counters)}"
