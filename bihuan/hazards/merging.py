"""What an update from a ledger makes of a hazard: only what the row says is changed.

A row is merged with the case that it belongs to. What its file has no column for, and what it
leaves empty, stays as it is; what was worked out from another field follows that field.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, time
from typing import Any

from bihuan.cases.rows import deadline_of, merged_words
from bihuan.core import history
from bihuan.core.hazard import HAZARD, Stage
from bihuan.hazards.rows import LedgerRow

CLOSED = (Stage.CLOSED, Stage.RECHECKED)


# What a column of a ledger fills, where it is filled as it is said and by nothing else.
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
# What an empty cell may empty, when the person says that it shall.
CLEARABLE = frozenset(PLAIN) - {"source_ref", "place"} | {"latitude", "longitude"}


# Where a row says nothing of these, they were worked out from something else.
WORKED_OUT = (
    "title", "description", "unit", "origin", "found_date", "reported_at", "ended_at", "remark",
)  # fmt: skip


def said_by(told: LedgerRow) -> frozenset[str]:
    """What a row says of the fields that may have been worked out, if nothing in it was."""
    silent = {
        "description": not told.description,
        "ended_at": told.ended_at is None,
        "remark": not told.remark,
    }
    return frozenset(name for name in WORKED_OUT if not silent.get(name))


def merged(
    old: LedgerRow, told: LedgerRow, said: Collection[str], emptied: Collection[str] = ()
) -> LedgerRow:
    """The case as the row leaves it.

    `said` are the columns that say something in this row; `emptied` those that the file has, that
    say nothing, and that shall empty what was there.
    """
    parts: dict[str, Any] = {
        **_plain(told, said, emptied),
        **merged_words(old, told, said),
        **_days(old, told, said),
        **_point(told, emptied),
    }
    if "unit" in said:
        parts["owner"] = told.owner
    if "origin" in said:
        parts["origin"] = told.origin
    return _ended(old, told, said, old._replace(**parts))


def _plain(told: LedgerRow, said: Collection[str], emptied: Collection[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for column, fields in PLAIN.items():
        # A remark may hold no more than the words of other cells; those replace no remark.
        tells = not _is_empty(getattr(told, fields[0])) and (column != "remark" or column in said)
        if tells or (column in emptied and column in CLEARABLE):
            parts.update((name, getattr(told, name)) for name in fields)
    return parts


def _is_empty(value: object) -> bool:
    return value is None or value == "" or (value == 0 and isinstance(value, int))


def _days(old: LedgerRow, told: LedgerRow, said: Collection[str]) -> dict[str, Any]:
    """The day found and the report; where only one is said, the other follows if it did before."""
    if "found_date" in said and "reported_at" in said:
        return {"found_date": told.found_date, "reported_at": told.reported_at}
    if "found_date" in said:
        follows = told.found_date != old.found_date and old.reported_at == _midnight(old)
        parts: dict[str, Any] = {"found_date": told.found_date}
        return {**parts, "reported_at": told.reported_at} if follows else parts
    if "reported_at" in said:
        follows = old.found_date == old.reported_at.date()
        parts = {"reported_at": told.reported_at}
        return {**parts, "found_date": told.found_date} if follows else parts
    return {}


def _midnight(row: LedgerRow) -> datetime:
    return datetime.combine(row.found_date, time(), row.reported_at.tzinfo)


def _point(told: LedgerRow, emptied: Collection[str]) -> dict[str, Any]:
    if told.latitude is not None or {"latitude", "longitude"} <= set(emptied):
        return {"latitude": told.latitude, "longitude": told.longitude}
    return {}


# ------------------------------------------------------------------- the end of it
def _ended(old: LedgerRow, told: LedgerRow, said: Collection[str], new: LedgerRow) -> LedgerRow:
    """The stage moves only where what the row says moves it, or where the row names it."""
    closed = old.closed if told.closed is None else told.closed
    if told.stage is not None:
        stage: Stage | None = told.stage
        closed = told.closed if told.closed is not None else stage in CLOSED
    else:
        before = history.stage_of(old._replace(stage=None).told())
        after = history.stage_of(new._replace(stage=None, closed=closed).told())
        stage = old.stage if before == after else after
    return new._replace(stage=stage, closed=closed, ended_at=_end(old, told, said, new, stage))


def _end(
    old: LedgerRow,
    told: LedgerRow,
    said: Collection[str],
    new: LedgerRow,
    stage: Stage | None,
) -> datetime | None:
    if "ended_at" in said and told.ended_at is not None:
        return told.ended_at
    if stage not in HAZARD.ended:
        return None
    end = old.ended_at or told.ended_at
    if end is None and new.verified_date is not None:
        end = datetime.combine(new.verified_date, time(), new.reported_at.tzinfo)
    return end


# ---------------------------------------------------------------- column by column
def values(row: LedgerRow) -> dict[str, object]:
    """What the row says, under the names of a ledger's columns."""
    return {name: value(row) for name, value in _VALUES.items()}


def _value(name: str) -> Callable[[LedgerRow], Any]:
    return lambda row: getattr(row, name)


# Column and field are of one name but for these; what closes a case shows in its stage.
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
