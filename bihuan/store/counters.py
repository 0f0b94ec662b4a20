"""The one upsert: a number that is added to, whether its row is there or not."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models

from bihuan.quoting import column, field_of, table
from bihuan.store.prepared import first_row


def add(
    model: type[models.Model],
    number: str,
    count: int,
    *,
    key: str,
    most: int | None = None,
    **values: Any,
) -> int | None:
    """Add to the number in the row whose unique field `key` has this value; return the new number.

    If there is no such row, one with these values is created. Nothing is added, and None is
    returned, if the number has reached `most`. Outside a transaction it need not wait for the disk:
    what depends on it is committed later, and then both are durable or neither.
    """
    statement = _statement(model, number, key, tuple(values), most is not None)
    given = [*values.values(), count, *(() if most is None else (most,))]
    row = first_row(statement, given, async_commit=True)
    return None if row is None else int(row[0])


@lru_cache(maxsize=16)
def _statement(
    model: type[models.Model], number: str, key: str, names: tuple[str, ...], bounded: bool
) -> str:
    into, found = table(model), column(field_of(model, number))
    columns = ", ".join([*(column(field_of(model, name)) for name in names), found])
    marks = ", ".join(["%s"] * (len(names) + 1))
    return (
        f"INSERT INTO {into} ({columns}) VALUES ({marks}) "
        f"ON CONFLICT ({column(field_of(model, key))}) "
        f"DO UPDATE SET {found} = {into}.{found} + excluded.{found} "
        + (f"WHERE {into}.{found} < %s " if bounded else "")
        + f"RETURNING {found}"
    )
