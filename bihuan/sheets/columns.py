"""Finds the header of an office's table and guesses what each column means."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from unicodedata import normalize

from bihuan.sheets.personal import Personal, named_personal, shown_personal
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import SheetFault, SheetRefused

HEADER_WITHIN = 30
LONGEST_TITLE = 80
LIKELY, CERTAIN = 0.5, 1.0

Synonyms = Mapping[str, Sequence[str]]
"""For each field that the caller wants, the header texts that mean it."""


class Role(StrEnum):
    """What is to be done with a column."""

    FIELD = "field"
    SERIAL = "serial"
    PERSONAL = "personal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, the note in brackets after it, and what it was taken for."""

    index: int
    title: str
    note: str = ""
    role: Role = Role.OTHER
    field: str | None = None
    sure: float = 0.0
    personal: Personal | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the header is (rows as in the file, from 1) and what its columns are."""

    header_row: int
    data_row: int
    columns: tuple[Column, ...]

    @property
    def mapping(self) -> dict[str, int]:
        """The column of each field that was found."""
        return {c.field: c.index for c in self.columns if c.field is not None}

    @property
    def left_out(self) -> tuple[Column, ...]:
        """The columns that name members of the public; they are never read in."""
        return tuple(column for column in self.columns if column.role is Role.PERSONAL)


@dataclass(frozen=True, slots=True)
class _Title:
    """The title of a column, with the group above it when the header has two rows."""

    text: str
    group: str = ""
    note: str = field(init=False)
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        text, note = split_note(self.text)
        group, _note = split_note(self.group)
        wordings = (group + text, text) if group else (text,)
        object.__setattr__(self, "note", note)
        object.__setattr__(self, "keys", tuple(key(wording) for wording in wordings))

    @property
    def shown(self) -> str:
        return f"{self.group} / {self.text}" if self.group else self.text


# ------------------------------------------------------------------- wordings
_BRACKETS = re.compile(r"[(\[{【〔<《]([^)\]}】〕>》]*)[)\]}】〕>》]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORDS = re.compile(r"[\W_]+")
_SERIALS = frozenset(("序号", "序", "项次", "行号", "no", "number", "serial", "serialno", "sn"))
_REMARKS = re.compile(
    r"(合\s*计|小\s*计|总\s*计|total)\W*$"
    r"|(注|说明|备注|填[报表][^:：]{0,4}|制表[^:：]{0,2}|审核[^:：]{0,2}|联系人|联系电话)[:：]",
    re.IGNORECASE,
)


def split_note(title: str) -> tuple[str, str]:
    """A title without its line breaks and bracketed note, and that note."""
    plain = normalize("NFKC", title)
    note = " ".join(found.strip() for found in _BRACKETS.findall(plain))
    return "".join(_BRACKETS.sub("", plain).splitlines()).strip(" \t:*"), note


def letters(index: int) -> str:
    """The name of a column as the sheet shows it: A, B, … Z, AA."""
    more, last = divmod(index, 26)
    return (letters(more - 1) if more else "") + chr(65 + last)


def key(title: str) -> str:
    """What two writings of the same title have in common."""
    return _NOT_WORDS.sub("", normalize("NFKC", title)).casefold()


def _words(title: str) -> frozenset[str]:
    parted = _NOT_WORDS.sub(" ", _CAMEL.sub(" ", normalize("NFKC", title)))
    return frozenset(parted.casefold().split())


def _likeness(title: _Title, synonym: str) -> float:
    """1 for the same words, less for words that hold or are held by the others, else 0."""
    wanted = key(synonym)
    best = 0.0
    for found in title.keys:
        if found == wanted:
            return CERTAIN
        if not found or not wanted:
            continue
        if wanted.isascii():
            best = max(best, _shared_words(title.text, synonym))
        elif min(len(found), len(wanted)) > 1 and (wanted in found or found in wanted):
            best = max(best, min(len(found), len(wanted)) / max(len(found), len(wanted)))
    return min(best, 0.95)


def _shared_words(title: str, synonym: str) -> float:
    ours, theirs = _words(title), _words(synonym)
    held = ours <= theirs or theirs <= ours
    return min(len(ours), len(theirs)) / max(len(ours), len(theirs), 1) if held else 0.0


# ---------------------------------------------------------------- the header
def guess_layout(rows: Sequence[Sequence[Cell]], synonyms: Synonyms) -> Layout:
    """Read the layout off the first rows of a table (a few hundred show what columns hold)."""
    known = frozenset(key(word) for words in synonyms.values() for word in words)
    found = [
        (_header_score(titles, known), -height, -at, titles)
        for at in range(min(len(rows), HEADER_WITHIN))
        for height, titles in _possible_headers(rows, at)
    ]
    if not found:
        raise SheetRefused(SheetFault.NO_HEADER, rows=HEADER_WITHIN)
    # Of equals the single row, and of those the first.
    _score, height, at, titles = max(found, key=itemgetter(0, 1, 2))
    at, height = -at, -height
    columns = _columns(titles, rows[at + height :], synonyms)
    return Layout(header_row=at + 1, data_row=at + height + 1, columns=columns)


def _possible_headers(
    rows: Sequence[Sequence[Cell]], at: int
) -> Iterable[tuple[int, list[_Title]]]:
    upper = _texts(rows[at])
    if upper is None:
        return
    yield 1, [_Title(text) for text in upper]
    lower = _texts(rows[at + 1]) if at + 1 < len(rows) else None
    if lower is not None and _is_grouped(upper, lower):
        yield 2, _merged_titles(upper, lower)


def _texts(row: Sequence[Cell]) -> list[str] | None:
    """The row as titles; None if it cannot be a header: one cell, a number, a long text."""
    texts: list[str] = []
    for cell in row:
        if not isinstance(cell, str) or len(cell) > LONGEST_TITLE:
            return None
        texts.append(cell.strip())
    return texts if sum(map(bool, texts)) > 1 else None


def _is_grouped(upper: list[str], lower: list[str]) -> bool:
    """Whether the lower row names parts of merged cells above, and stands under nothing else."""
    parts = 0
    for index, text in enumerate(lower):
        if not text:
            continue
        above = upper[index] if index < len(upper) else ""
        follows_blank = index + 1 < len(upper) and not upper[index + 1]
        part_follows = index + 1 < len(lower) and bool(lower[index + 1])
        if above and not (follows_blank and part_follows):
            return False
        parts += not above
    return parts > 0


def _merged_titles(upper: list[str], lower: list[str]) -> list[_Title]:
    titles: list[_Title] = []
    group = ""
    for index in range(max(len(upper), len(lower))):
        above = upper[index] if index < len(upper) else ""
        below = lower[index] if index < len(lower) else ""
        group = above or group
        titles.append(_Title(below, group) if below else _Title(above))
    return titles


def _header_score(titles: list[_Title], known: frozenset[str]) -> float:
    """Known wordings count most; among rows without any, the one with the most titles."""
    score = 0.0
    for title in titles:
        if any(found in known or found in _SERIALS for found in title.keys if found):
            score += 10
        elif title.text:
            score += 1 if named_personal(title.keys[-1]) is None else 5
    return score


# --------------------------------------------------------------- the columns
def _columns(
    titles: list[_Title], data: Sequence[Sequence[Cell]], synonyms: Synonyms
) -> tuple[Column, ...]:
    personal = {
        index: why
        for index, title in enumerate(titles)
        if (why := _personal(title, [row[index] for row in data if index < len(row)]))
    }
    fields = _assign(titles, personal, synonyms)
    columns: list[Column] = []
    for index, title in enumerate(titles):
        name, sure = fields.get(index, (None, 0.0))
        role = Role.OTHER
        if index in personal:
            role = Role.PERSONAL
        elif name is not None:
            role = Role.FIELD
        elif _SERIALS.intersection(title.keys) or title.text == "#":
            role = Role.SERIAL
        columns.append(
            Column(index, title.shown, title.note, role, name, sure, personal.get(index))
        )
    return tuple(columns)


def _personal(title: _Title, cells: Sequence[Cell]) -> Personal | None:
    named = next((why for found in title.keys if (why := named_personal(found))), None)
    return named or shown_personal(title.keys[0], cells)


def _assign(
    titles: list[_Title], personal: Mapping[int, Personal], synonyms: Synonyms
) -> dict[int, tuple[str, float]]:
    """The best field for each column, every field once, the surest first."""
    likenesses = sorted(
        (
            (-max((_likeness(title, word) for word in words), default=0.0), index, name)
            for index, title in enumerate(titles)
            if title.text and index not in personal
            for name, words in synonyms.items()
        ),
    )
    taken: dict[int, tuple[str, float]] = {}
    given: set[str] = set()
    for unlike, index, name in likenesses:
        if -unlike >= LIKELY and index not in taken and name not in given:
            taken[index] = (name, -unlike)
            given.add(name)
    return taken


def is_remark(row: Sequence[Cell]) -> bool:
    """Whether a row under the header is no record: blank, a total, or a line such as 填报人：…"""
    filled = [cell for cell in row if cell != ""]
    if not filled:
        return True
    first = filled[0]
    few = len(filled) <= max(3, len(row) // 3)
    return few and isinstance(first, str) and _REMARKS.match(first.strip()) is not None
