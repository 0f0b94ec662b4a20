"""Recognise the columns of a table: which field each means, and which must be asked about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bihuan.sheets.header import Header, find_header
from bihuan.sheets.meanings import (
    SERIALS,
    ColumnMapping,
    Hints,
    Meaning,
    Meanings,
    Synonyms,
    assign,
)
from bihuan.sheets.personal import Personal, holds_phones, personal_columns
from bihuan.sheets.reader import Cell, SheetRow
from bihuan.sheets.titles import Title, key, letters, split_note

__all__ = [
    "Column", "Hints", "Layout", "Role", "Synonyms", "guess_layout", "is_remark", "key", "letters",
    "split_note",
]  # fmt: skip

_TOTAL = re.compile(r"(本?页?\s*[合小总累]\s*计|total)\W*", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[)、.．:：]"
    r"|第[一二三四五六七八九十]+部分)\D{0,40}"
)
_REMARKS = re.compile(
    r"(注|说明|备注|填[报表][^:：]{0,4}|制表[^:：]{0,2}|审核[^:：]{0,2}|联系人|联系电话)[:：]",
    re.IGNORECASE,
)

# 一、云榆镇 · （二）学校 · 第三部分


class Role(StrEnum):
    """What happens to a column."""

    FIELD = "field"
    ASKED = "asked"
    SERIAL = "serial"
    PERSONAL = "personal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, the note in brackets after it, and the recognised field.

    `candidates` are the possible fields of an `ASKED` column; `money` is the unit of its bare
    numbers if the file declares one, `in_days` whether they count days.
    """

    index: int
    title: str
    note: str = ""
    role: Role = Role.OTHER
    field: str | None = None
    sure: float = 0.0
    personal: Personal | None = None
    candidates: tuple[str, ...] = ()
    wording: str = ""
    money: Decimal | None = None
    in_days: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headers are (rows numbered from 1 as in the file), and the columns."""

    header_row: int
    data_row: int
    columns: tuple[Column, ...]
    known: int = 0
    """How many headers are known to this kind of ledger."""

    @property
    def mapping(self) -> dict[str, int]:
        """Return the column of each field that was found."""
        return {c.field: c.index for c in self.columns if c.field is not None}

    @property
    def left_out(self) -> tuple[Column, ...]:
        """Return the columns about members of the public; they are never imported."""
        return tuple(column for column in self.columns if column.role is Role.PERSONAL)

    @property
    def asked(self) -> tuple[Column, ...]:
        """Return the columns whose field the user must choose."""
        return tuple(column for column in self.columns if column.role is Role.ASKED)


NO_HINTS = Hints()


def guess_layout(
    rows: Sequence[Sequence[Cell]],
    synonyms: Synonyms,
    hints: Hints = NO_HINTS,
    *,
    wanted: Sequence[str] = (),
    header_row: int | None = None,
) -> Layout:
    """Detect the layout from the first rows of a table (a few hundred are enough).

    `wanted` are headers that must be present; `header_row` is the row if the user specified it.
    """
    meanings = Meanings(synonyms, hints)
    header = find_header(rows, meanings, wanted=wanted, row=header_row)
    data = rows[header.data_row - 1 :]
    means = {index: meanings.of(title) for index, title in enumerate(header.titles)}
    known = sum(meaning.is_known for meaning in means.values())
    columns = _columns(header, data, means, synonyms, hints)
    return Layout(header.row, header.data_row, columns, known)


def _columns(
    header: Header,
    data: Sequence[Sequence[Cell]],
    means: Mapping[int, Meaning],
    synonyms: Synonyms,
    hints: Hints,
) -> tuple[Column, ...]:
    cells = [[row[at] for row in data if at < len(row)] for at in range(len(header.titles))]
    personal = personal_columns(header.titles, cells)
    may_be_read = {
        at: meaning
        for at, meaning in means.items()
        if at not in personal and not _holds_something_else(meaning, cells[at], hints)
    }
    taken = assign(may_be_read, tuple(synonyms), hints)
    return tuple(
        _column(index, title, personal.get(index), taken, header, hints)
        for index, title in enumerate(header.titles)
    )


def _holds_something_else(meaning: Meaning, cells: Sequence[Cell], hints: Hints) -> bool:
    """Whether the cells contradict the header: a column of telephone numbers names no officer."""
    fields = meaning.asked | ({meaning.claim.field} if meaning.claim else set())
    return not fields.isdisjoint(hints.names) and holds_phones(cells)


def _column(
    index: int,
    title: Title,
    personal: Personal | None,
    taken: ColumnMapping,
    header: Header,
    hints: Hints,
) -> Column:
    money, in_days = title.money_units or header.money, title.in_days
    plain = Column(
        index,
        title.shown,
        title.note,
        wording=title.whole,
        money=next(iter(money)) if len(money) == 1 else None,
        in_days=in_days,
    )
    if personal is not None:
        return replace(plain, role=Role.PERSONAL, personal=personal)
    claim = taken.claims.get(index)
    if claim is None and index in taken.questions:
        return replace(plain, role=Role.ASKED, candidates=taken.questions[index])
    if claim is not None:
        unclear = claim.field in hints.money and len(money) > 1
        unclear |= claim.field in hints.days and title.in_workdays
        if unclear:
            return replace(plain, role=Role.ASKED, candidates=(claim.field,))
        return replace(plain, role=Role.FIELD, field=claim.field, sure=claim.sure)
    is_serial = title.text == "#" or bool(SERIALS.intersection(title.keys))
    return replace(plain, role=Role.SERIAL) if is_serial else plain


def is_remark(row: Sequence[Cell]) -> bool:
    """Whether a row under the header is not a record.

    It is blank, a total, a section heading such as 一、云榆镇, or a line such as 填报人：…
    """
    filled = [cell for cell in row if cell != ""]
    if not filled:
        return True
    first = filled[0]
    if not isinstance(first, str):
        return False
    words = first.strip()
    if _TOTAL.fullmatch(words):
        return True
    # A heading is merged over its row: every cell has the same text, or only one is filled.
    alone = len(filled) == 1 < len(row)
    everywhere = len(filled) == len(row) and all(cell == first for cell in filled)
    if _HEADING.fullmatch(words) and (alone or everywhere):
        # Cells merged with the row above belong to its record.
        return not (isinstance(row, SheetRow) and row.above)
    return len(filled) <= max(3, len(row) // 3) and _REMARKS.match(words) is not None
