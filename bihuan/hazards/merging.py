"""Merge an update from a ledger into a hazard: only the values in the row change.

A row is merged with the case that it belongs to. Fields without a column in the file, and empty
cells, do not change; values derived from another field are updated with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, time
from typing import Any

from bihuan.core import history
from bihuan.core.hazard import HAZARD, Stage
from bihuan.hazards.rows import LedgerRow
from bihuan.imports.rows import deadline_of, merged_words

CLOSED = (Stage.CLOSED, Stage.RECHECKED)


# The fields that a column of a ledger sets directly, and nothing else does.
PLAIN: dict[str, tuple[str, ...]] = {
    "source_ref": ("source_ref",),
    "place": ("place",),
    "category": ("category",),
    "finder_name": ("finder_name",),
    "grade": ("grade",),
    "standard": ("standard",),
    "measures": ("measures",),
    "budget": ("budget",),
    "deadline": ("deadline_date", "deadline_time"),
    "contingency": ("contingency",),
    "resolver_name": ("resolver_name",),
    "progress": ("progress",),
    "verifier_name": ("verifier_name",),
    "verified_date": ("verified_date",),
    "rebounds": ("rebounds",),
    "remark": ("remark",),
}
# What an empty cell may clear, if the user allows it.
CLEARABLE = frozenset(PLAIN) - {"source_ref", "place"} | {"latitude", "longitude"}


# If a row does not contain these, they were derived from something else.
WORKED_OUT = (
    "title", "description", "unit", "origin", "found_date", "reported_at", "ended_at", "remark",
)  # fmt: skip


def said_by(row: LedgerRow) -> frozenset[str]:
    """Return the derived fields that a row contains explicitly."""
    silent = {
        "description": not row.description,
        "ended_at": row.ended_at is None,
        "remark": not row.remark,
    }
    return frozenset(name for name in WORKED_OUT if not silent.get(name))


def merged(
    old: LedgerRow, row: LedgerRow, names: Collection[str], emptied: Collection[str] = ()
) -> LedgerRow:
    """Return the case after applying the row.

    `names` are the columns with a value in this row; `emptied` those that the file has, that are
    empty, and that clear the existing value.
    """
    parts: dict[str, Any] = {
        **_plain(row, names, emptied),
        **merged_words(old, row, names),
        **_days(old, row, names),
        **_point(row, emptied),
    }
    if "unit" in names:
        parts["owner"] = row.owner
    if "origin" in names:
        parts["origin"] = row.origin
    return _ended(old, row, names, old._replace(**parts))


def _plain(row: LedgerRow, names: Collection[str], emptied: Collection[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for column, fields in PLAIN.items():
        # A remark may consist of text from other cells only; that replaces no remark.
        tells = not _is_empty(getattr(row, fields[0])) and (column != "remark" or column in names)
        if tells or (column in emptied and column in CLEARABLE):
            parts.update((name, getattr(row, name)) for name in fields)
    return parts


def _is_empty(value: object) -> bool:
    return value is None or value == "" or (value == 0 and isinstance(value, int))


def _days(old: LedgerRow, row: LedgerRow, names: Collection[str]) -> dict[str, Any]:
    """Return the day found and the report; if only one is given, the other is updated if it was
    derived.
    """
    if "found_date" in names and "reported_at" in names:
        return {"found_date": row.found_date, "reported_at": row.reported_at}
    if "found_date" in names:
        follows = row.found_date != old.found_date and old.reported_at == _midnight(old)
        parts: dict[str, Any] = {"found_date": row.found_date}
        return {**parts, "reported_at": row.reported_at} if follows else parts
    if "reported_at" in names:
        follows = old.found_date == old.reported_at.date()
        parts = {"reported_at": row.reported_at}
        return {**parts, "found_date": row.found_date} if follows else parts
    return {}


def _midnight(row: LedgerRow) -> datetime:
    return datetime.combine(row.found_date, time(), row.reported_at.tzinfo)


def _point(row: LedgerRow, emptied: Collection[str]) -> dict[str, Any]:
    if row.latitude is not None or {"latitude", "longitude"} <= set(emptied):
        return {"latitude": row.latitude, "longitude": row.longitude}
    return {}


# ----------------------------------------------------------------------- ending
def _ended(old: LedgerRow, row: LedgerRow, names: Collection[str], new: LedgerRow) -> LedgerRow:
    """The stage changes only if the row's values require it, or the row names it."""
    closed = old.closed if row.closed is None else row.closed
    if row.stage is not None:
        stage: Stage | None = row.stage
        closed = row.closed if row.closed is not None else stage in CLOSED
    else:
        before = history.stage_of(old._replace(stage=None).facts())
        after = history.stage_of(new._replace(stage=None, closed=closed).facts())
        stage = old.stage if before == after else after
    return new._replace(stage=stage, closed=closed, ended_at=_end(old, row, names, new, stage))


def _end(
    old: LedgerRow,
    row: LedgerRow,
    names: Collection[str],
    new: LedgerRow,
    stage: Stage | None,
) -> datetime | None:
    if "ended_at" in names and row.ended_at is not None:
        return row.ended_at
    if stage not in HAZARD.ended:
        return None
    end = old.ended_at or row.ended_at
    if end is None and new.verified_date is not None:
        end = datetime.combine(new.verified_date, time(), new.reported_at.tzinfo)
    return end


# ---------------------------------------------------------------- column by column
def values(row: LedgerRow) -> dict[str, object]:
    """Return the values of the row by the names of a ledger's columns."""
    return {name: value(row) for name, value in _VALUES.items()}


def _value(name: str) -> Callable[[LedgerRow], Any]:
    return lambda row: getattr(row, name)


# Column and field have the same name except for these; the closing columns appear in the stage.
_NAMES = (
    "source_ref", "title", "description", "category", "place", "latitude", "longitude",
    "unit", "origin", "reported_at", "found_date", "finder_name", "grade", "standard", "measures",
    "budget", "deadline", "contingency", "resolver_name", "progress", "verifier_name",
    "verified_date", "stage", "ended_at", "rebounds", "remark",
)  # fmt: skip
_VALUES: dict[str, Callable[[LedgerRow], Any]] = {
    **{name: _value(name) for name in _NAMES},
    "unit": _value("owner"),
    "deadline": deadline_of,
}
