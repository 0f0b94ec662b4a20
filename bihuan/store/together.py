"""Insert new rows of several tables with one statement.

Django compiles a statement for each row and waits for its result before the next. Records that
arrive at a rate of hundreds per second are written together (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BigAutoField, ForeignKey, Model

from bihuan.quoting import Field, column, table
from bihuan.store.prepared import first_row, this_threads_own


def insert_together(rows: Sequence[Model]) -> None:
    """Insert new records, all or none; a record may refer to another one that precedes it.

    Like `save(force_insert=True)` on each, but without signals.
    """
    if not rows:
        return
    own = this_threads_own()
    if own.vendor != "postgresql":
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
        return
    written = _Written()
    for row in rows:
        written.add(row, own)
    # A single statement is a transaction; within one, a refused statement leaves the rest
    # unchanged.
    with transaction.atomic() if own.in_atomic_block else nullcontext():
        keys = first_row(_statement(tuple(written.shape)), written.values)
    written.note(keys or ())


# The SQL for the value of a column: a placeholder, or nothing if the database generates it.
_PLACE, _COUNTED = "%s", ""


@dataclass
class _Written:
    """The rows of one statement: its form, and its values in order."""

    rows: list[Model] = field(default_factory=list)
    shape: list[tuple[type[Model], tuple[str, ...]]] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    links: list[tuple[Model, str, Model]] = field(default_factory=list)

    def add(self, row: Model, own: BaseDatabaseWrapper) -> None:
        places = tuple(self._place(row, each, own) for each in row._meta.local_concrete_fields)
        self.rows.append(row)
        self.shape.append((type(row), places))

    def _place(self, row: Model, each: Field, own: BaseDatabaseWrapper) -> str:
        """Return the SQL for the value of a column; most have a value of their own."""
        value = each.pre_save(row, True)
        if value is None:
            if isinstance(each, AutoField | BigAutoField):
                return _COUNTED
            if isinstance(each, ForeignKey) and each.is_cached(row):
                other = each.get_cached_value(row)
                if other is not None and other.pk is None:
                    self.links.append((row, each.attname, other))
                    return f"(SELECT key FROM row_{self.rows.index(other)})"
                value = None if other is None else other.pk
        self.values.append(each.get_db_prep_save(value, own))
        return _PLACE

    def note(self, keys: Sequence[Any]) -> None:
        """Set the attributes that the records would have after `save`."""
        given = iter(keys)
        for row, (_, places) in zip(self.rows, self.shape, strict=True):
            if _COUNTED in places:
                row.pk = next(given)
            row._state.adding, row._state.db = False, connection.alias
        for row, name, other in self.links:
            setattr(row, name, other.pk)


@lru_cache(maxsize=64)
def _statement(shape: tuple[tuple[type[Model], tuple[str, ...]], ...]) -> str:
    """Build a statement with all rows in named subqueries that others refer to, returning generated
    keys.

    The database generates the ids within the INSERT, on which `bihuan.journal.sealing` relies.
    """
    inserts = (f"row_{n} AS ({_insert(*each)})" for n, each in enumerate(shape))
    keys = (
        f"(SELECT key FROM row_{n})" for n, (_, places) in enumerate(shape) if _COUNTED in places
    )
    return f"WITH {', '.join(inserts)} SELECT {', '.join(keys)}"


def _insert(model: type[Model], places: tuple[str, ...]) -> str:
    fields = model._meta.local_concrete_fields
    given = [(each, place) for each, place in zip(fields, places, strict=True) if place]
    columns = ", ".join(column(each) for each, _ in given)
    values = ", ".join(_as_it_wants(each) if place == _PLACE else place for each, place in given)
    key = column(model._meta.pk)
    return f"INSERT INTO {table(model)} ({columns}) VALUES ({values}) RETURNING {key} AS key"


def _as_it_wants(each: Field) -> str:
    """Apply the field's own placeholder for its value; most fields have none."""
    said = getattr(each, "get_placeholder", None)
    return said(None, None, connection) if said else _PLACE
