"""Rows with the same text within a time range, for many texts at once by an index."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from bihuan.quoting import column, field_of, table

Wanted = tuple[str, datetime, datetime]


def rows_within(
    model: type[models.Model],
    text: str,
    at: str,
    wanted: Collection[Wanted],
    fields: Sequence[str],
    *,
    most: int,
) -> list[tuple[Any, ...]]:
    """Return these fields of every row whose text and instant match one of the wanted ranges.

    For each wanted (text, from, until) at most the given number of rows, earliest first. The cost
    does not depend on the size of the archive: there is an index on the text and the instant.
    """
    if not wanted:
        return []
    columns = [column(field_of(model, name)) for name in (text, at)]
    chosen = ", ".join(f"found.{column(field_of(model, name))}" for name in fields)
    adapt = connection.ops.adapt_datetimefield_value
    given = json.dumps([[said, str(adapt(low)), str(adapt(high))] for said, low, high in wanted])
    if connection.vendor == "postgresql":
        found = _POSTGRESQL.format(chosen, table(model), *columns, most)
    else:
        found = _SQLITE.format(chosen, table(model), *columns)
    with connection.cursor() as cursor:
        cursor.execute(found, [given])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# As separate subqueries, so that the planner can only use the index for each of them.
_POSTGRESQL = """
    SELECT {0} FROM json_array_elements(%s::json) AS given, LATERAL (
        SELECT * FROM {1} AS held WHERE held.{2} = given.value->>0
        AND held.{3} >= (given.value->>1)::timestamptz
        AND held.{3} < (given.value->>2)::timestamptz
        ORDER BY held.{2}, held.{3} LIMIT {4}
    ) AS found
"""
_SQLITE = """
    SELECT {0} FROM json_each(%s) AS given CROSS JOIN {1} AS found
    WHERE found.{2} = json_extract(given.value, '$[0]')
    AND found.{3} >= json_extract(given.value, '$[1]')
    AND found.{3} < json_extract(given.value, '$[2]')
"""
