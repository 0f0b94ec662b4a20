"""An .xlsx workbook in the parser's process: its sheets, and the rows of one of them."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from bihuan.sheets.grid import Grid
from bihuan.sheets.laying import Notes, Row, laid_out
from bihuan.sheets.limits import Limits
from bihuan.sheets.parts import Package, Pieces, index_of, is_on, local
from bihuan.sheets.styles import styles_of
from bihuan.sheets.surveying import Listed, Survey, survey
from bihuan.sheets.texts import Texts, text_of

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Book:
    """One open workbook."""

    def __init__(self, file: BinaryIO, spill: int, limits: Limits) -> None:
        self._package, self._limits = Package(file), limits
        links = self._package.related("")
        named = (name for kind, name in links.values() if kind == "officeDocument")
        main = next(named, "xl/workbook.xml")
        tree = self._package.tree(main)
        related = self._package.related(main)
        self.sheets = tuple(_listed(tree, related, self._package))
        self.epoch_1904 = any(
            local(each.tag) == "workbookPr" and is_on(each.get("date1904")) for each in tree
        )
        by_kind = {kind: name for kind, name in related.values()}
        self._grid = Grid(
            Texts(self._shared(by_kind.get("sharedStrings")), spill),
            styles_of(self._package.tree(by_kind["styles"])) if "styles" in by_kind else [],
            limits,
            epoch_1904=self.epoch_1904,
            works_out_on_opening=any(
                local(each.tag) == "calcPr" and is_on(each.get("fullCalcOnLoad")) for each in tree
            ),
        )
        self._surveys: dict[str, Survey] = {}

    def _shared(self, name: str | None) -> Pieces | None:
        if name is None or not self._package.has(name):
            return None
        chunks = self._package.stream(name)
        return Pieces(chunks, root="sst", container="sst", item="si")

    def survey(self, sheet: Listed) -> Survey:
        """Return what is known of a sheet before its rows are read."""
        known = self._surveys.get(sheet.part)
        if known is None:
            known = self._surveys[sheet.part] = survey(self._package, sheet.part, self._limits)
        return known

    def rows(self, sheet: Listed) -> Iterator[Row]:
        """Yield every row down to the last non-empty one, encoded for the reader."""
        known = self.survey(sheet)
        lines = self._grid.lines(self._package, sheet.part)
        width = min(known.width, self._limits.columns)
        return laid_out(lines, known, self._notes(sheet), width)

    def _notes(self, sheet: Listed) -> Notes:
        """Return the notes on cells, by row."""
        notes: Notes = {}
        for kind, name in self._package.related(sheet.part).values():
            if kind == "comments" and self._package.has(name):
                for row, column, words in _noted(self._package.tree(name)):
                    notes.setdefault(row, []).append((column, words))
        return notes


def _listed(
    workbook: Element, related: dict[str, tuple[str, str]], package: Package
) -> Iterator[Listed]:
    for each in workbook.iter():
        if local(each.tag) == "sheet" and each.get("name"):
            link = next((v for k, v in each.items() if k.endswith("}id")), "")
            kind, part = related.get(link, ("", ""))
            hidden = each.get("state", "visible") != "visible"
            is_table = kind == "worksheet" and package.has(part)
            yield Listed(each.get("name", ""), hidden, is_table, part)


def _noted(tree: Element) -> Iterator[tuple[int, int, str]]:
    """Yield the row, column and text of every note."""
    for note in tree.iter():
        place = _PLACE.fullmatch(note.get("ref", "")) if local(note.tag) == "comment" else None
        words = next((each for each in note if local(each.tag) == "text"), None) if place else None
        if place is not None and words is not None:
            text = text_of(words)[0]
            # Newer programs store threaded comments elsewhere and leave a placeholder for older
            # ones here.
            _for_older, mark, thread = text.partition("\n\n")
            text = thread if mark and text.startswith("[") else text
            yield int(place[2]), index_of(place[1]), text.strip()
