"""Extract the rows from the XML of a sheet without interpreting them."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bihuan.sheets.parts import Package, Pieces, is_on, local
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.texts import text_of

Part = str | None
Cell = tuple[Part, Part, Part, Part, Part, Part, Part]
"""Column letters and row number, style and type, formula, value, and inline text."""

# How Excel, WPS, LibreOffice and the libraries write rows and cells. Other forms, and rows with
# entities, go through the XML parser, which takes about three times as long.
_ROW = re.compile(r'\s*(?:<row [^<>]*/>\s*)*<row r="(\d{1,7})"( [^<>]*)?>')
_CELL = re.compile(
    r'\s*<c r="([A-Z]{1,3})(\d+)"(?: s="(\d+)")?(?: t="([a-zA-Z]+)")?(?:/>|>'
    r"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r'(?:<v/>|<v(?: xml:space="preserve")?>([^<]*)</v>)?'
    r'(?:<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_GROUPS = 8
_HIDDEN = re.compile(r'\s(?:hidden="(?:1|true)"|ht="0")')
_ROW_END = "</row>"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Written(NamedTuple):
    """A row as it is written; its number is 0 if it has none."""

    number: int
    hidden: bool
    cells: Iterable[Cell]
    struck: frozenset[str] = frozenset()
    """The columns with partly struck-through text."""


def pieces_of(package: Package, name: str) -> Pieces:
    """Yield a sheet's XML in chunks of whole rows."""
    return Pieces(package.stream(name), root="worksheet", container="sheetData", item="row")


def written_rows(package: Package, name: str) -> Iterator[Written]:
    """Yield the rows of a sheet; rows without cells may be missing."""
    before, pieces = 0, pieces_of(package, name)
    for piece in pieces.raw():
        for row in _rows(pieces, piece):
            if row.number and row.number <= before:
                raise SheetRefused(SheetFault.DAMAGED)
            before = row.number or before + 1
            yield row


def _rows(pieces: Pieces, piece: bytes) -> Iterator[Written]:
    uncommon: list[str] = []
    for text in _split(piece):
        common = _common(text)
        if common is None:
            uncommon.append(text)
            continue
        if uncommon:
            yield from _parsed(pieces, uncommon)
            uncommon = []
        yield common
    if uncommon:
        yield from _parsed(pieces, uncommon)


def _split(piece: bytes) -> Iterator[str]:
    """Split the rows one by one, or return all together if they are written in an unusual form."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        raise SheetRefused(SheetFault.DAMAGED) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.split(_ROW_END)
    last = rows.pop()
    for row in rows:
        yield row + _ROW_END
    if last.strip():
        yield last


def _common(text: str) -> Written | None:
    row = _ROW.match(text)
    if row is None or "&" in text:
        return None
    found = _CELL.split(text[row.end() :])
    if "".join(found[::_GROUPS]).strip() != _ROW_END:
        return None
    parts = (found[at::_GROUPS] for at in range(1, _GROUPS))
    hidden = row[2] is not None and _HIDDEN.search(row[2]) is not None
    return Written(int(row[1]), hidden, zip(*parts, strict=True))


def _parsed(pieces: Pieces, texts: list[str]) -> Iterator[Written]:
    for row in pieces.tree("".join(texts).encode()):
        if local(row.tag) == "row":
            cells, struck = [], []
            for each in row:
                cell, is_struck = _cell(each)
                cells.append(cell)
                if is_struck:
                    struck.append(cell[0] or "")
            number = row.get("r") or next((cell[1] for cell in cells if cell[1]), None) or "0"
            hidden = is_on(row.get("hidden")) or row.get("ht") == "0"
            yield Written(_number(number), hidden, cells, frozenset(struck))


def _cell(cell: Element) -> tuple[Cell, bool]:
    letters, row = None, None
    if name := cell.get("r"):
        place = _PLACE.fullmatch(name.upper())
        if place is None:
            raise SheetRefused(SheetFault.DAMAGED)
        letters, row = place[1], place[2]
    parts = {local(part.tag): part for part in cell}
    formula = f"<f>{parts['f'].text or ''}</f>" if "f" in parts else None
    value = parts["v"].text if "v" in parts else None
    words, struck = text_of(parts["is"]) if "is" in parts else (None, False)
    return (letters, row, cell.get("s"), cell.get("t"), formula, value, words), struck


def _number(written: str) -> int:
    if not written.isascii() or not written.isdecimal():
        raise SheetRefused(SheetFault.DAMAGED)
    return int(written)
