"""The columns of a hazard ledger: what each is called, and what it says of a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias

from bihuan.core.hazard import Stage
from bihuan.hazards.ledger import LedgerRow
from bihuan.ledgers.vocabulary import DATA, HAZARD, Field

__all__ = ["BY_NAME", "DATA", "FIELDS", "GRADES", "STAGES", "SYNONYMS", "Field", "says"]

Value: TypeAlias = str | int | float | Decimal | date | datetime | None


FIELDS = HAZARD.fields
BY_NAME = HAZARD.by_name
SYNONYMS = HAZARD.synonyms


def title_of(name: str) -> str:
    """The title of a field in the language of the reader."""
    return BY_NAME[name].title if name in BY_NAME else name


STAGES = {
    Stage.REPORTED: "待确认",
    Stage.CONFIRMED: "待交办",
    Stage.REJECTED: "已驳回",
    Stage.ASSIGNED: "已交办",
    Stage.RECTIFYING: "整改中",
    Stage.SUBMITTED: "待验收",
    Stage.VERIFIED: "待销号",
    Stage.CLOSED: "已销号",
    Stage.RECHECKED: "已回头看",
}
GRADES = {"general": "一般", "major": "重大"}


# How long the text of a field may be.
MOST = {
    "number": 32, "source_ref": 64, "title": 200, "description": 10_000, "category": 80,
    "place": 200, "standard": 200, "finder_name": 60, "resolver_name": 60, "measures": 10_000,
    "contingency": 10_000, "progress": 10_000, "verifier_name": 60, "remark": 10_000,
    "answer": 10_000,
}  # fmt: skip


# ---------------------------------------------------------------- writing out
def _moment(at: datetime | None) -> Value:
    """A day where no hour was ever given, else the moment on the district's wall clock."""
    if at is None:
        return None
    return at.date() if at.time() == time() else at.replace(tzinfo=None)


def _deadline(row: LedgerRow) -> Value:
    if row.deadline_date is None or row.deadline_time is None:
        return row.deadline_date
    return datetime.combine(row.deadline_date, row.deadline_time)


_SAYS: dict[str, Callable[[LedgerRow], Value]] = {
    "reported_at": lambda row: _moment(row.reported_at),
    "deadline": _deadline,
    "ended_at": lambda row: _moment(row.ended_at),
    "grade": lambda row: GRADES.get(row.grade, ""),
    "closed": lambda row: "是" if row.closed else "否",
    "stage": lambda row: STAGES[row.stage] if row.stage else "",
    "rebounds": lambda row: row.rebounds or None,
}


def says(field: str, row: LedgerRow, units: dict[int, str]) -> Value:
    """What the row says in this column; units by their id in `units`."""
    if field in ("unit", "origin"):
        return units[row.owner if field == "unit" else row.origin]
    if field in _SAYS:
        return _SAYS[field](row)
    value: Value = getattr(row, field)
    return value
