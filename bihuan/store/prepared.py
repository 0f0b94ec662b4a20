"""Querysets whose SQL is compiled once and then executed with other values.

Django builds and compiles a query each time. On the busiest pages this takes longer than the
database needs to answer, so their fixed queries are prepared (docs/decisions/0023). PostgreSQL also
plans such a query once per connection instead of each time, and so it does with the statements of
our own that `first_row` and `all_rows` run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Value = str | int | date | datetime | UUID
KINDS: Mapping[str, type] = {kind.__name__: kind for kind in (str, int, date, datetime, UUID)}
M = TypeVar("M", bound=Model)
R = TypeVar("R")
K = TypeVar("K")
P = ParamSpec("P")


class ShapeDependsOnValues(TypeError):
    """The queryset has different SQL for different values, or uses them other than as
    parameters, so it cannot be prepared.
    """


@dataclass(frozen=True)
class _Compiled:
    """A queryset, its compiled form, and which parameter comes from which value, and how."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[object, ...]
    places: tuple[tuple[int, int, Callable[[Value], object]], ...]


class Prepared(Generic[P, R]):
    """Answers like `list(make(*values))`, whose values are of these kinds, in order.

    The SQL must not depend on the values: no list whose length varies, no None. A value is
    compared as it is, or as what a text starts with.
    """

    def __init__(self, make: Callable[P, QuerySet[M, R]], kinds: Sequence[type]) -> None:
        update_wrapper(self, make)
        self._make: Callable[..., QuerySet[Any, Any]] = make
        self._samples = [_samples(n, kind) for n, kind in enumerate(kinds)]
        self._compiled: dict[str, _Compiled | None] = {}

    def __call__(self, *values: P.args, **named: P.kwargs) -> list[R]:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            if connection.vendor in self._compiled:
                return []
            compiled = self._compiled[connection.vendor] = self._compile()
            if compiled is None:
                return []
        params = list(compiled.params)
        for place, n, adapted in compiled.places:
            params[place] = adapted(values[n])  # type: ignore[arg-type]
        return list(_rows(compiled, params))

    def one(self, *values: P.args, **named: P.kwargs) -> R | None:
        """Return the only row, or None."""
        return next(iter(self(*values, **named)), None)

    def _compile(self) -> _Compiled | None:
        """Return None if Django can tell that the result is empty without a query."""
        queryset = self._make(*(some for some, _ in self._samples))
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        other_sql, other_params = sql, params
        if self._samples:
            changed = self._make(*(other for _, other in self._samples))
            other_sql, other_params = changed.query.sql_with_params()
        if other_sql != sql:
            raise ShapeDependsOnValues(sql)
        places = tuple(_places(self._samples, params, other_params))
        if places and connection.vendor == "postgresql":
            sql = _written_in(sql, params, {place for place, *_ in places})
            params = [None] * len(places)
            places = tuple((place, n, how) for place, (_, n, how) in enumerate(places))
        return _Compiled(queryset, compiler, sql, tuple(params), places)


def prepared(make: Callable[P, QuerySet[M, R]]) -> Prepared[P, R]:
    """Work the question out once: the decorated function answers its rows, or its `one` row.

    The annotations say of which kind each value is; they are given in order, not by name.
    """
    given = [said for name, said in make.__annotations__.items() if name != "return"]
    return Prepared(make, [KINDS[str(getattr(said, "__name__", said))] for said in given])


class QueryCache:
    """Caches compiled queries by their key; when full, the oldest are evicted."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._prepared: dict[Hashable, Prepared[..., Any]] = {}

    def rows(self, key: Hashable, make: Callable[..., QuerySet[M, R]], *values: Value) -> list[R]:
        """Return `list(make(*values))`, compiled once for each key."""
        found = self._prepared.get(key)
        if found is None:
            while len(self._prepared) >= self._most:
                self._prepared.pop(next(iter(self._prepared)), None)
            found = self._prepared[key] = Prepared(make, [type(value) for value in values])
        return found(*values)


def padded(keys: Sequence[K]) -> tuple[K, ...]:
    """Repeat the last key until their number is a power of two: each number needs a query of its
    own.
    """
    lacking = (1 << (len(keys) - 1).bit_length()) - len(keys) if keys else 0
    return (*keys, *[*keys[-1:]] * lacking)


_MOMENT, _DAY, _APART = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1), 10_000


def _samples(n: int, kind: type) -> tuple[Value, Value]:
    """Two values of the kind of the n-th one, by which it is found among the parameters; none of
    the others has them, and in order they stay."""
    if issubclass(kind, str):
        return f"a{n}", f"b{n}"
    if issubclass(kind, datetime):
        return _MOMENT + n * _DAY, _MOMENT + (n + _APART) * _DAY
    if issubclass(kind, date):
        return _MOMENT.date() + n * _DAY, _MOMENT.date() + (n + _APART) * _DAY
    if issubclass(kind, UUID):
        return UUID(int=n), UUID(int=n + _APART)
    return n, n + _APART


def _places(
    samples: Sequence[tuple[Value, Value]], some: Sequence[object], others: Sequence[object]
) -> Iterable[tuple[int, int, Callable[[Value], object]]]:
    """Return each parameter that comes from a value: its position, which value, and how."""
    known = {
        (adapted(one), adapted(other)): (n, adapted)
        for n, (one, other) in enumerate(samples)
        for adapted in (_adapted, _start)
    }
    for place, pair in enumerate(zip(some, others, strict=True)):
        if pair[0] != pair[1]:
            if pair not in known:
                raise ShapeDependsOnValues(pair)
            yield place, *known[pair]


def _written_in(sql: str, params: Sequence[object], values: Container[int]) -> str:
    """Return the SQL with constant parameters inlined, so that PostgreSQL plans for them."""
    from psycopg.sql import Literal

    connection.ensure_connection()
    texts = (
        "%s" if n in values else Literal(param).as_string(connection.connection).replace("%", "%%")
        for n, param in enumerate(params)
    )
    return re.sub("%[%s]", lambda found: next(texts) if found[0] == "%s" else found[0], sql)


def _start(value: Value) -> object:
    """Return the LIKE pattern for a prefix."""
    return f"{connection.ops.prep_for_like_query(str(value))}%"


def _adapted(value: Value) -> object:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _rows(compiled: _Compiled, params: list[object]) -> Any:
    """Return what Django's iterable yields for the rows, from a compiler that does not compile."""
    compiler, own = copy(compiled.compiler), this_threads_own()
    # Logged statements include their values, so they stay in the SQL then.
    plan = own.vendor == "postgresql" and not own.queries_logged
    compiler.connection = _Planned(own) if plan else own
    compiler.as_sql = lambda *args, **options: (compiled.sql, tuple(params))
    queryset: Any = compiled.queryset.all()
    queryset.query.get_compiler = lambda *args, **options: compiler
    return queryset._iterable_class(queryset)


class _Planned:
    """The connection, with cursors that send the values separately from the SQL.

    Only such queries can be planned once; psycopg does so from the third execution, according to
    the setting `prepare_threshold`.
    """

    def __init__(self, own: Any) -> None:
        self._own = own

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def cursor(self) -> Any:
        from django.db.backends.postgresql.base import ServerBindingCursor

        self._own.ensure_connection()
        link = self._own.connection
        usual, link.cursor_factory = link.cursor_factory, ServerBindingCursor
        try:
            return self._own.cursor()
        finally:
            link.cursor_factory = usual


# ------------------------------------------------------------- own statements
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
