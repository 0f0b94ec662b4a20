"""One matter as a row of an office's register (登记台账), imported and exported. Grievances,
suggestions and disputes share it; hazards have their own.

It contains no member of the public: a register's columns about people are never read.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from bihuan.cases.models import Case, LedgerNote
from bihuan.core.register import COURSES, RegisterFacts
from bihuan.core.sameness import digest
from bihuan.imports.rows import deadline_of, full_key_of, key_of, merged_words
from bihuan.sheets.values import text


class RegisterRow(NamedTuple):
    """Everything that a register says of one matter; times have the zone of the district."""

    title: str
    owner: int
    origin: int
    reported_at: datetime
    number: str = ""
    source_ref: str = ""
    place: str = ""
    description: str = ""
    category: str = ""
    deadline_date: date | None = None
    deadline_time: time | None = None
    resolver_name: str = ""
    progress: str = ""
    adopted: bool | None = None
    answer: str = ""
    closed: bool | None = None
    ended_at: datetime | None = None
    stage: str = ""
    remark: str = ""

    @property
    def day(self) -> date:
        """Return the day by which it is distinguished from others."""
        return self.reported_at.date()

    def facts(self) -> RegisterFacts:
        return RegisterFacts(
            self.title, self.place, self.reported_at, self.stage, self.closed, self.adopted,
            self.answer, self.ended_at, self.deadline_date,
        )  # fmt: skip

    def digest(self) -> str:
        """Return a digest of the content, so that a row imported twice changes nothing."""
        return digest(*self)

    def key(self, ordinal: int = 0) -> str:
        return key_of(self, ordinal)

    def full_key(self) -> str:
        return full_key_of(self)


NAMED = ("owner", "origin", "ledger_note", "resolved_by")


def row_of(case: Case, *, adopted: bool | None = None, answer: str = "") -> RegisterRow:
    """Return the case as a row of a register; it must be loaded with the relations in `NAMED`.

    Only suggestions have a decision on adoption, and the answer.
    """
    note = getattr(case, "ledger_note", None)
    officer = case.resolver_name or (case.resolved_by.name if case.resolved_by else "")
    return RegisterRow(
        title=text(case.title),
        owner=case.owner_id,
        origin=case.origin_id,
        reported_at=_to_the_second(case.reported_at),
        number=case.number,
        source_ref=case.source_ref,
        place=text(case.place),
        description=text(case.description),
        category=text(case.category),
        deadline_date=note.deadline_date if note else None,
        deadline_time=note.deadline_time if note else None,
        resolver_name=officer,
        progress=text(note.progress) if note else "",
        adopted=adopted,
        answer=text(answer),
        closed=case.ended_at is not None,
        ended_at=_to_the_second(case.ended_at) if case.ended_at else None,
        stage=case.stage,
        remark=text(note.remark) if note else "",
    )


def _to_the_second(at: datetime) -> datetime:
    return localtime(at).replace(microsecond=0)


# --------------------------------------------------------------------- updates The fields that a
# column of a register sets directly, and nothing else does.
PLAIN: dict[str, tuple[str, ...]] = {
    "source_ref": ("source_ref",),
    "place": ("place",),
    "category": ("category",),
    "reported_at": ("reported_at",),
    "deadline": ("deadline_date", "deadline_time"),
    "resolver_name": ("resolver_name",),
    "progress": ("progress",),
    "adopted": ("adopted",),
    "answer": ("answer",),
    "ended_at": ("ended_at",),
    "remark": ("remark",),
    "unit": ("owner",),
    "origin": ("origin",),
}
COLUMNS = PLAIN.keys() | {"title", "description"}
# What an empty cell may clear, if the user allows it.
CLEARABLE = frozenset({"category", "deadline", "resolver_name", "progress", "remark"})


def merged(
    kind: str,
    old: RegisterRow,
    row: RegisterRow,
    column_names: Collection[str],
    emptied: Collection[str] = (),
) -> RegisterRow:
    """Return the case after applying the row: missing values do not change."""
    parts: dict[str, Any] = merged_words(old, row, column_names)
    for column, names in PLAIN.items():
        if column in column_names or (column in emptied and column in CLEARABLE):
            parts.update((name, getattr(row, name)) for name in names)
    return _ended(kind, old, row, old._replace(**parts))


def _ended(kind: str, old: RegisterRow, row: RegisterRow, new: RegisterRow) -> RegisterRow:
    """The stage changes only if the row requires it."""
    if row.stage:
        return new._replace(stage=row.stage, closed=row.stage in COURSES[kind].ended)
    if row.closed is None or row.closed is old.closed:
        return new
    return new._replace(stage="", closed=row.closed)


def values(row: RegisterRow) -> dict[str, object]:
    """Return the values of the row by the names of a register's columns."""
    plain = {name: getattr(row, fields[0]) for name, fields in PLAIN.items()}
    return {
        "title": row.title,
        "description": row.description,
        **plain,
        "deadline": deadline_of(row),
        "stage": row.stage,
    }


def note_on(case: Case) -> LedgerNote | None:
    """Return the additional notes of the register that the case was imported from."""
    if not case.imported or case.kind not in COURSES:
        return None
    return LedgerNote.objects.filter(case=case).first()
