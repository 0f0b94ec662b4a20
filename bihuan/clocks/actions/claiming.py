"""Claim many clocks in one statement; each is written only if it has not changed since it was
read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from bihuan.clocks.models import Clock
from bihuan.quoting import table


class Claim(NamedTuple):
    """A clock as it was read, and its new values."""

    row: Clock
    next_at: datetime | None
    overdue_at: datetime | None


# For each claim: its key, the old values and the new values.
_GIVEN = {
    "postgresql": (
        "json_to_recordset(%s::json) AS given (id bigint, was_next timestamptz, "
        "was_seen timestamptz, was_calendar text, next_at timestamptz, overdue_at timestamptz)"
    ),
    "sqlite": (
        "(SELECT "
        + ", ".join(
            f"json_extract(value, '$.{name}') AS {name}"
            for name in ("id", "was_next", "was_seen", "was_calendar", "next_at", "overdue_at")
        )
        + " FROM json_each(%s)) AS given"
    ),
}


def claim(claims: Iterable[Claim], now: datetime) -> set[int]:
    """Mark these clocks as processed up to now; return those that no other worker claimed first.

    A clock that was recalculated meanwhile, because holidays were loaded, is skipped as well.
    """
    given = json.dumps([_as_data(each) for each in claims])
    clock = table(Clock)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {clock} SET seen_at = %s, next_at = given.next_at, "
            f"overdue_at = given.overdue_at FROM {_GIVEN[connection.vendor]} "
            f"WHERE {clock}.id = given.id AND {clock}.next_at = given.was_next "
            f"AND {clock}.seen_at = given.was_seen "
            f"AND {clock}.calendar_version = given.was_calendar RETURNING {clock}.id",
            [_text(now), given],
        )
        return {number for (number,) in cursor.fetchall()}


def _as_data(each: Claim) -> dict[str, object]:
    return {
        "id": each.row.pk,
        "was_next": _text(each.row.next_at),
        "was_seen": _text(each.row.seen_at),
        "was_calendar": each.row.calendar_version,
        "next_at": _text(each.next_at),
        "overdue_at": _text(each.overdue_at),
    }


def _text(at: datetime | None) -> str | None:
    """Format a value as the engine stores it."""
    return None if at is None else str(connection.ops.adapt_datetimefield_value(at))
