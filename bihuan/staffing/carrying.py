"""Carry a workbook from its dry run to the confirmation, signed, without storing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from django.core import signing

from bihuan.orgs.models import User
from bihuan.staffing.reading import Book

LASTS = timedelta(hours=1)
_SALT = "staffing.workbook"


@dataclass(frozen=True)
class Carried:
    """The workbook of one dry run, and the number of its confirmation."""

    book: Book
    number: str


def packed(book: Book, user: User) -> str:
    """Return the content of the workbook for a hidden field; only this officer can send it."""
    tables = {
        table: [{key: _plain(value) for key, value in row.items()} for row in rows]
        for table, rows in book.tables.items()
    }
    columns = {
        table: {key: list(place) for key, place in places.items()}
        for table, places in book.columns.items()
    }
    said = {
        "by": user.pk, "number": token_hex(12),
        "tables": tables, "rows": book.rows, "columns": columns,
    }  # fmt: skip
    return signing.dumps(said, salt=_SALT, compress=True)


def unpacked(token: str, user: User) -> Carried | None:
    """Return the workbook; None if the text was changed, is too old or is another officer's."""
    try:
        said: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    if said["by"] != user.pk:
        return None
    book = Book(
        tables={
            table: [{key: _value(value) for key, value in row.items()} for row in rows]
            for table, rows in said["tables"].items()
        },
        rows=said["rows"],
        columns={
            table: {key: (place[0], place[1]) for key, place in places.items()}
            for table, places in said["columns"].items()
        },
    )
    return Carried(book, said["number"])


def _plain(value: object) -> object:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(value: Any) -> Any:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
