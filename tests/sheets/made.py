"""Workbooks written in all the ways that programs write them, from rows of known cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZipFile

from tests.sheets.bombs import BOOK_LINKS, CONTENT_TYPES, MAIN, RELATIONS, ROOT_LINKS

DAY, MOMENT, CLOCK, SPAN = 1, 2, 3, 4  # the styles that the workbook has besides the general one
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; hh:mm"/>'
    "</numFmts><fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border><left/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 170, 20, 46))
    + '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
FIRST_DAYS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


class Cell(NamedTuple):
    """What a cell says, and how the file writes it: as an error, a formula, a shared text …"""

    says: Any
    how: str = ""


@dataclass
class Made:
    """A sheet: its rows by number, whether they are written with their places, the calendar."""

    rows: Mapping[int, Sequence[Cell | None]]
    with_places: bool = True
    is_1904: bool = False
    prefix: str = ""
    merged: Sequence[str] = ()
    shared: list[str] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        p = self.prefix
        space = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
        rows = "".join(self._row(number, cells) for number, cells in self.rows.items())
        merged = "".join(f'<{p}mergeCell ref="{each}"/>' for each in self.merged)
        after = f"<{p}mergeCells>{merged}</{p}mergeCells>" if merged else ""
        styles = f'<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        strings = "".join(f"<si>{each}</si>" for each in self.shared)
        with ZipFile(path, "w") as archive:
            archive.writestr(
                "[Content_Types].xml", CONTENT_TYPES.replace("</Types>", f"{_TYPES}</Types>")
            )
            archive.writestr("_rels/.rels", ROOT_LINKS)
            archive.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
                f'<workbookPr date1904="{int(self.is_1904)}"/>'
                '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                BOOK_LINKS.replace("</Relationships>", f"{styles}</Relationships>"),
            )
            archive.writestr("xl/styles.xml", STYLES)
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
            archive.writestr(
                "xl/worksheets/sheet1.xml",
                f"<{p}worksheet {space}><{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>",
            )
        return path

    def _row(self, number: int, cells: Sequence[Cell | None]) -> str:
        p = self.prefix
        written = "".join(
            self._cell(f"{chr(65 + at)}{number}", cell)
            for at, cell in enumerate(cells)
            if cell is not None or not self.with_places
        )
        place = f' r="{number}"' if self.with_places else ""
        return f"<{p}row{place}>{written}</{p}row>"

    def _cell(self, place: str, cell: Cell | None) -> str:
        p = self.prefix
        attributes = f' r="{place}"' if self.with_places else ""
        if cell is None:
            return f"<{p}c{attributes}/>"
        more, content = self._content(cell)
        content = content.replace("<", f"<{p}").replace(f"<{p}/", f"</{p}")
        return f"<{p}c{attributes}{more}>{content}</{p}c>"

    def _content(self, cell: Cell) -> tuple[str, str]:
        text, how = cell
        if how == "error":
            return ' t="e"', f"<f>NOT()</f><v>{text}</v>"
        if how == "unsaved":
            return "", f"<f>{escape(text)}</f>"
        if isinstance(text, str):
            return self._text(text, how)
        if isinstance(text, bool):
            return ' t="b"', f"<v>{int(text)}</v>"
        if isinstance(text, (int, float)):
            return "", f"<v>{text!r}</v>"
        style, number = serial(text, is_1904=self.is_1904)
        return f' s="{style}"', f"<v>{number!r}</v>"

    def _text(self, message: str, how: str) -> tuple[str, str]:
        text = f'<t xml:space="preserve">{escape(message)}</t>'
        if how == "inline":
            return ' t="inlineStr"', f"<is>{text}</is>"
        if how == "formula":
            return ' t="str"', f"<f>A1</f><v>{escape(message)}</v>"
        if how == "rich":
            half = len(message) // 2
            text = "".join(
                f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(part)}</t></r>'
                for part in (message[:half], message[half:])
            )
        self.shared.append(text)
        return ' t="s"', f"<v>{len(self.shared) - 1}</v>"


_TYPES = "".join(
    f'<Override PartName="/xl/{part}.xml" ContentType="application/'
    f'vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
    for part, kind in (
        ("workbook", "sheet.main"),
        ("worksheets/sheet1", "worksheet"),
        ("styles", "styles"),
        ("sharedStrings", "sharedStrings"),
    )
)


def serial(text: date | time | timedelta, *, is_1904: bool) -> tuple[int, float]:
    """The style and the number that a workbook writes for a day, moment, time of day or span."""
    if isinstance(text, timedelta):
        return SPAN, text / timedelta(days=1)
    if isinstance(text, time):
        return CLOCK, (text.hour * 3600 + text.minute * 60 + text.second) / 86_400
    moment = text if isinstance(text, datetime) else datetime.combine(text, time())
    days = (moment - FIRST_DAYS[is_1904]) / timedelta(days=1)
    # The first calendar holds a 29 February 1900 that never was.
    days -= not is_1904 and days < 61
    return (MOMENT if isinstance(text, datetime) else DAY), days
