"""The order of the ledger by one to three columns, and the position of a row in it.

A page is found by its neighbours' keys and never by counting. A key is the values of the row in the
columns of the order, and its id, which makes every order total.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import F, OrderBy, Q, QuerySet

from bihuan.cases.models import Case
from bihuan.desk.shown import LedgerLine

MOST = 3
Value = datetime | str | None
# Querysets of cases, whatever they return.
Cases = TypeVar("Cases", bound="QuerySet[Case, Case]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """A column to sort by: where its value is, and whether it can be null."""

    key: str
    nullable: bool = False
    is_instant: bool = False
    # No two rows have the same value, so that further columns change nothing.
    is_unique: bool = False


COLUMNS: Mapping[str, Column] = {
    "due": Column("due_at", nullable=True, is_instant=True),
    "reported": Column("reported_at", is_instant=True),
    "number": Column("number", is_unique=True),
    "kind": Column("kind"),
    "place": Column("place"),
    "unit": Column("owner__name"),
    "post": Column("post__title", nullable=True),
    "category": Column("category"),
}


@dataclass(frozen=True)
class Part:
    """One column of an order, and its direction."""

    name: str
    descending: bool = False

    @property
    def column(self) -> Column:
        return COLUMNS[self.name]

    @property
    def written(self) -> str:
        return f"-{self.name}" if self.descending else self.name


Order = tuple[Part, ...]


def of(requested: str) -> Order:
    """Return the order that a URL requests ("unit,-due"), without unknown or repeated columns."""
    found: dict[str, Part] = {}
    for word in requested.split(",")[:MOST]:
        name = word.removeprefix("-")
        if name in COLUMNS:
            found.setdefault(name, Part(name, word.startswith("-")))
        if name in COLUMNS and COLUMNS[name].is_unique:
            break
    return tuple(found.values())


def written(order: Order) -> str:
    """Return the order as the URL requests it."""
    return ",".join(part.written for part in order)


def turned(order: Order, name: str) -> Order:
    """Return the order after a click on a column: by it first, and then as before."""
    first = order[0] if order else None
    down = first is not None and first.name == name and not first.descending
    return of(written((Part(name, down), *(part for part in order if part.name != name))))


# ------------------------------------------------------------------------ queries
def sorted_by(cases: Cases, order: Order, *, back: bool = False) -> Cases:
    """Return the cases in this order, or against it: without a value last, or first if
    descending.
    """
    keys = [_term(part, down=part.descending is not back) for part in order]
    return cases.order_by(*keys, "-pk" if order[0].descending is not back else "pk")


def _term(part: Part, *, down: bool) -> OrderBy | str:
    column = part.column
    if not column.nullable:
        return f"-{column.key}" if down else column.key
    return F(column.key).desc(nulls_first=True) if down else F(column.key).asc(nulls_last=True)


def beyond(order: Order, position: Position, *, back: bool) -> Q:
    """Return the condition for rows after this position, or before it."""
    condition, same = Q(), Q()
    for part, value in zip(order, position.values, strict=True):
        condition |= same & _further(part.column, value, down=part.descending is not back)
        same &= _equal(part.column.key, value)
    way = "lt" if order[0].descending is not back else "gt"
    return condition | (same & Q(**{f"pk__{way}": position.pk}))


def _further(column: Column, value: Value, *, down: bool) -> Q:
    if value is None:
        return Q(**{f"{column.key}__isnull": False}) if down else Q(pk__in=())
    if down:
        return Q(**{f"{column.key}__lt": value})
    further = Q(**{f"{column.key}__gt": value})
    return further | Q(**{f"{column.key}__isnull": True}) if column.nullable else further


def _equal(key: str, value: Value) -> Q:
    return Q(**{f"{key}__isnull": True}) if value is None else Q(**{key: value})


# ------------------------------------------------------------------------- positions
@dataclass(frozen=True)
class Position:
    """The place of a row in an order: its values there, and its id."""

    values: tuple[Value, ...]
    pk: int


def key(row: LedgerLine, order: Order) -> str:
    """Return the position of a row for a URL."""
    values = [_plain(getattr(row, part.column.key)) for part in order]
    content = json.dumps([*values, row.pk], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(content.encode()).decode().rstrip("=")


def position(text: str, order: Order) -> Position | None:
    """Parse a position in this order; None if it is invalid."""
    try:
        *values, pk = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        read = tuple(_read(values, order))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    is_whole = len(values) == len(order) and type(pk) is int and 0 < pk < 2**63
    return Position(read, pk) if is_whole else None


def _read(values: Sequence[object], order: Order) -> Iterator[Value]:
    for part, value in zip(order, values, strict=True):
        column = part.column
        if value is None and column.nullable:
            yield None
        elif column.is_instant and type(value) is int:
            yield _EPOCH + timedelta(microseconds=value)
        elif not column.is_instant and isinstance(value, str) and "\x00" not in value:
            value.encode()  # half of a surrogate pair is a ValueError here, not in the database
            yield value
        else:
            raise ValueError("a value of another type")


def _plain(value: Value) -> str | int | None:
    return (value - _EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
