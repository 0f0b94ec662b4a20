"""Find the header row of a table, or the two header rows if columns are grouped."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bihuan.sheets.meanings import Meanings
from bihuan.sheets.personal import named_personal
from bihuan.sheets.reader import NOTHING, Cell, SheetRow
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.titles import Title, declared_units, declares_unit, is_unit, key, letters
from bihuan.sheets.values import written

HEADER_WITHIN = 30
LONGEST_TITLE = 80
# The number of known headers that counts as evidence, unless they are half of the row.
ENOUGH = 3
# A row with at least this share of the largest number of headers in any row is long enough.
LONG_ENOUGH = 0.8
# A year among the headers does not make the row a record.
FEW = 0.2

# A number, a date or an amount: what a text file contains in records.
_VALUE = re.compile(r"[\d\s.,:/%+\-￥¥年月日时分秒]*\d[\d\s.,:/%+\-年月日时分秒]*")


@dataclass(frozen=True)
class Header:
    """The headers, the rows that contain them (from 1) and the row of the first record."""

    row: int
    data_row: int
    titles: tuple[Title, ...]
    money: frozenset[Decimal] = frozenset()
    """The unit of amounts that a line above the table declares."""


@dataclass(frozen=True)
class _Found:
    at: int
    height: int
    titles: tuple[Title, ...]
    wanted: int
    points: float
    is_evident: bool

    @property
    def filled(self) -> int:
        return len({title.keys for title in self.titles if title.text})


def find_header(
    rows: Sequence[Sequence[Cell]],
    meanings: Meanings,
    *,
    wanted: Iterable[str] = (),
    row: int | None = None,
) -> Header:
    """Return the most likely header, or the one in the row that the user specified."""
    if row is not None:
        found = _said_by_a_person(rows, meanings, row)
    else:
        found = _best(rows, meanings, frozenset(map(key, wanted)))
    titles, data_row = found.titles, found.at + found.height + 1
    if data_row <= len(rows) and _is_row_of_units(rows[data_row - 1], titles):
        titles = _with_units(titles, rows[data_row - 1])
        data_row += 1
    if data_row <= len(rows) and _is_row_of_numbers(rows[data_row - 1]):
        data_row += 1
    titles = _distinct(titles, rows[data_row - 1 :])
    return Header(found.at + 1, data_row, titles, _declared(rows, found))


def _best(rows: Sequence[Sequence[Cell]], meanings: Meanings, wanted: frozenset[str]) -> _Found:
    found = [
        _judged(at, titles, height, meanings, wanted)
        for at in range(min(len(rows), HEADER_WITHIN))
        if (texts := _texts(rows[at])) is not None
        for height, titles in _possible_headers(texts, rows, at)
    ]
    if not found:
        raise SheetRefused(SheetFault.NO_HEADER, rows=HEADER_WITHIN)
    evident = [each for each in found if each.is_evident or each.wanted]
    if evident:
        # Among equals prefer a single row, then the first.
        return max(evident, key=lambda each: (each.wanted, each.points, -each.height, -each.at))
    longest = LONG_ENOUGH * max(each.filled for each in found)
    return next(each for each in found if each.filled >= longest)


def _said_by_a_person(rows: Sequence[Sequence[Cell]], meanings: Meanings, row: int) -> _Found:
    if not 1 <= row <= min(len(rows), HEADER_WITHIN):
        raise SheetRefused(SheetFault.NO_TITLES_THERE, row=row, rows=HEADER_WITHIN)
    texts = [written(cell).strip() for cell in rows[row - 1]]
    if not any(texts):
        raise SheetRefused(SheetFault.NO_TITLES_THERE, row=row, rows=HEADER_WITHIN)
    found = [
        _judged(row - 1, titles, height, meanings, frozenset())
        for height, titles in _possible_headers(texts, rows, row - 1)
    ]
    return max(found, key=lambda each: (each.points, -each.height))


# ----------------------------------------------------------- possible headers
def _texts(row: Sequence[Cell], least: int = 2) -> list[str] | None:
    """Return the row as headers; None if it is a heading, a record or a long text.

    It has at least this many different texts.
    """
    texts = [written(cell).strip() for cell in row]
    filled = [text for text in texts if text]
    # Check the length first: matching very long texts may take long.
    if max(map(len, filled), default=0) > LONGEST_TITLE:
        return None
    values = sum(
        text != "" and (not isinstance(cell, str) or _VALUE.fullmatch(text) is not None)
        for cell, text in zip(row, texts, strict=True)
    )
    if values > FEW * len(filled):
        return None
    return texts if len(set(filled)) >= least else None


def _possible_headers(
    upper: list[str], rows: Sequence[Sequence[Cell]], at: int
) -> Iterator[tuple[int, tuple[Title, ...]]]:
    """Yield the row alone and with the next one; only with it if merged cells show the groups."""
    across = _across(rows[at])
    lower = _texts(rows[at + 1], least=1) if at + 1 < len(rows) else None
    if lower is not None and across and _is_under_merged(upper, lower, across):
        yield 2, _merged_titles(upper, lower, across)
        return
    yield 1, _merged_titles(upper, [], across)
    if lower is not None and len({*lower} - {""}) > 1 and _is_grouped(upper, lower):
        yield 2, _merged_titles(upper, lower, across)


def _across(row: Sequence[Cell]) -> Mapping[int, int]:
    return row.across if isinstance(row, SheetRow) else NOTHING


def _is_under_merged(upper: list[str], lower: list[str], across: Mapping[int, int]) -> bool:
    """Whether the lower row has headers below merged cells, and nothing below the other ones."""
    grouped = {*across, *across.values()}
    parts = {index for index, text in enumerate(lower) if text}
    alone = {at for at, text in enumerate(upper) if text and not declares_unit(text)} - grouped
    # Lines above the table, such as its title, are merged too, but have no header next to them.
    return bool(alone) and bool(parts & grouped) and not parts & alone


def _title(text: str, group: str = "") -> Title:
    has_words = key(text) or text == "#"
    return Title(text if has_words and not declares_unit(text) else "", group)


def _is_grouped(upper: list[str], lower: list[str]) -> bool:
    """Whether the lower row has headers only under merged cells of the upper row."""
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


def _merged_titles(
    upper: list[str], lower: list[str], across: Mapping[int, int]
) -> tuple[Title, ...]:
    """Combine the rows; without merged cells, a group reaches up to the next header."""
    titles: list[Title] = []
    group = ""
    for index in range(max(len(upper), len(lower))):
        above = upper[index] if index < len(upper) else ""
        below = lower[index] if index < len(lower) else ""
        group = above or (_part(upper, across.get(index)) if across else group)
        if below:
            titles.append(_title(below, group))
        else:
            titles.append(_title(above) if above or not across else _title("", group))
    return tuple(titles)


def _part(texts: list[str], at: int | None) -> str:
    return texts[at] if at is not None and at < len(texts) else ""


# -------------------------------------------------------------- how likely one is
def _judged(
    at: int,
    titles: tuple[Title, ...],
    height: int,
    meanings: Meanings,
    wanted: frozenset[str],
) -> _Found:
    known = 0
    points = 0.0
    for title in titles:
        if not title.text:
            continue
        is_known = meanings.of(title).is_known or meanings.knows(key(title.group))
        is_personal = named_personal(title.keys[0]) is not None
        known += is_known or is_personal
        # The group and the part together are more specific than the part alone.
        more = bool(title.group) and meanings.knows(title.whole)
        points += 10 + more if is_known else 5 if is_personal else 1
    filled = sum(bool(title.text) for title in titles)
    found = wanted.intersection(wording for t in titles for wording in (key(t.shown), t.whole))
    return _Found(at, height, titles, len(found), points, known >= ENOUGH or 2 * known >= filled)


# -------------------------------------------------------------- around the titles
def _is_row_of_units(row: Sequence[Cell], titles: Sequence[Title]) -> bool:
    filled = [(index, cell) for index, cell in enumerate(row) if cell != ""]
    return bool(filled) and all(
        isinstance(cell, str) and is_unit(cell) and index < len(titles) and titles[index].text
        for index, cell in filled
    )


def _with_units(titles: Sequence[Title], row: Sequence[Cell]) -> tuple[Title, ...]:
    parts = [str(cell) for cell in row] + [""] * (len(titles) - len(row))
    return tuple(
        replace(title, unit=unit.strip("()（）"))
        for title, unit in zip(titles, parts, strict=False)
    )


def _is_row_of_numbers(row: Sequence[Cell]) -> bool:
    """Whether the row numbers the columns: 1, 2, 3, 4 …"""
    filled = [written(cell).strip("()（） ") for cell in row if cell != ""]
    return len(filled) > ENOUGH and filled == [str(at) for at in range(1, len(filled) + 1)]


def _distinct(titles: Sequence[Title], data: Sequence[Sequence[Cell]]) -> tuple[Title, ...]:
    """Make the headers unique: later ones with the same text, and columns with cells but without
    a header, are named by their column letter.
    """
    filled = {index for row in data for index, cell in enumerate(row) if cell != ""}
    width = max(len(titles), max(filled, default=-1) + 1)
    seen: set[str] = set()
    distinct: list[Title] = []
    for index, title in enumerate([*titles, *[Title("")] * (width - len(titles))]):
        is_named = title.text != ""
        by_letter = key(title.shown) in seen if is_named else index in filled
        distinct.append(replace(title, letter=letters(index)) if by_letter else title)
        if is_named:
            seen.add(key(title.shown))
    return tuple(distinct)


def _declared(rows: Sequence[Sequence[Cell]], found: _Found) -> frozenset[Decimal]:
    """Return the units of money declared above the table, or in a separate cell next to its
    headers.
    """
    above = [cell for row in rows[: found.at] for cell in row if isinstance(cell, str)]
    related = [
        cell
        for row in rows[found.at : found.at + found.height]
        for cell in row
        if isinstance(cell, str) and declares_unit(cell)
    ]
    return frozenset(unit for cell in above + related for unit in declared_units(cell))
