"""Querysets whose SQL is worked out once and then sent again with other values.

Django puts a query together and compiles it anew each time. On the busiest pages that takes
longer than the database's answer, so their fixed questions are prepared (docs/decisions/0023).
PostgreSQL, too, plans such a question once for each connection and not each time that it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

Value = str | int | date | datetime | UUID
M = TypeVar("M", bound=Model)
R = TypeVar("R")


class ShapeDependsOnValues(TypeError):
    """The queryset has other SQL for other values, so it cannot be prepared."""


@dataclass(frozen=True)
class _Compiled:
    """A queryset, what Django made of it, and where each value stands among its parameters."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[object, ...]
    places: tuple[tuple[int, ...], ...]


class Prepared(Generic[M, R]):
    """Answers like `list(make(*values))`; `samples` are two different values for each argument.

    The SQL must not depend on the values: no list whose length varies, no None.
    """

    def __init__(self, make: Callable[..., QuerySet[M, R]], *samples: tuple[Value, Value]) -> None:
        self._make = make
        self._samples = samples
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, *values: Value) -> list[R]:
        try:
            compiled = self._compiled.get(connection.vendor) or self._compile()
        except EmptyResultSet:  # Django knows without asking that nothing can fit
            return []
        params = list(compiled.params)
        for value, places in zip(values, compiled.places, strict=True):
            given = _adapted(value)
            for place in places:
                params[place] = given
        return list(_rows(compiled, params))

    def one(self, *values: Value) -> R | None:
        """The only row there is, or nothing."""
        return next(iter(self(*values)), None)

    def _compile(self) -> _Compiled:
        first = [sample for sample, _ in self._samples]
        queryset = self._make(*first)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = []
        for n, (_, other) in enumerate(self._samples):
            changed = self._make(*first[:n], other, *first[n + 1 :])
            other_sql, other_params = changed.query.sql_with_params()
            if other_sql != sql:
                raise ShapeDependsOnValues(sql)
            places.append(_differing(params, other_params))
        made = _Compiled(queryset, compiler, sql, tuple(params), tuple(places))
        self._compiled[connection.vendor] = made
        return made


class Kept:
    """Whole questions kept by what they depend on; of too many, the oldest make way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._prepared: dict[Hashable, Prepared[Any, Any]] = {}

    def rows(self, key: Hashable, make: Callable[[], QuerySet[M, R]]) -> list[R]:
        """Like `list(make())`, put together once for each key."""
        prepared = self._prepared.get(key)
        if prepared is None:
            while len(self._prepared) >= self._most:
                self._prepared.pop(next(iter(self._prepared)), None)
            prepared = self._prepared[key] = Prepared(make)
        return prepared()


def _differing(some: Sequence[object], others: Sequence[object]) -> tuple[int, ...]:
    return tuple(n for n, (a, b) in enumerate(zip(some, others, strict=True)) if a != b)


def _adapted(value: Value) -> object:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _rows(compiled: _Compiled, params: list[object]) -> Any:
    """What Django's own iterable makes of the rows, from a compiler that compiles nothing."""
    compiler = copy(compiled.compiler)
    # What is logged is written down with its values, so then they stay in the SQL.
    plan = connection.vendor == "postgresql" and not connection.queries_logged
    compiler.connection = _Planned() if plan else connection
    compiler.as_sql = lambda *args, **options: (compiled.sql, tuple(params))
    queryset: Any = compiled.queryset.all()
    queryset.query.get_compiler = lambda *args, **options: compiler
    return queryset._iterable_class(queryset)


class _Planned:
    """The connection, but for cursors that hand the values to the server apart from the SQL.

    Only such a question can be planned once; psycopg does it from the third time on, as the
    setting `prepare_threshold` says.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(connection, name)

    def cursor(self) -> Any:
        from django.db.backends.postgresql.base import ServerBindingCursor

        connection.ensure_connection()
        link = connection.connection
        usual, link.cursor_factory = link.cursor_factory, ServerBindingCursor
        try:
            return connection.cursor()
        finally:
            link.cursor_factory = usual
