"""Refused rows, returned to the person who uploaded them, each with its reasons."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from bihuan.core.masking import masked
from bihuan.ledgers.actions.results import Words
from bihuan.ledgers.mapping import Placed
from bihuan.ledgers.said import Place, Said
from bihuan.sheets.columns import letters
from bihuan.sheets.ledger.reading import Fault, Note
from bihuan.sheets.reader import Cell, OpenedSheet
from bihuan.sheets.writer import RefusedCell, RefusedRow, write_refused

SPOOL = 8 * 1024 * 1024
# The column to check if the file has none for the faulty field.
ELSEWHERE = {
    "description": "title",
    "ended_at": "verified_date",
    "found_date": "reported_at",
    "number": "source_ref",
    "reported_at": "found_date",
    "source_ref": "number",
    "stage": "closed",
}


class RefusedRows:
    """Refused rows, kept on disk until they are written."""

    def __init__(self, placed: Placed, words: Words, kind: str) -> None:
        self._placed, self._words, self._kind = placed, words, kind
        self._titles = {column.index: column.title for column in placed.columns}
        self._out = {column.index for column in placed.left_out}
        self._spool: IO[bytes] = SpooledTemporaryFile(SPOOL)  # noqa: SIM115

    def add(self, number: int, cells: Sequence[Cell], faults: Sequence[Fault]) -> list[Place]:
        """Keep the row; with the column of each fault, and the formatted cell and reason."""
        reasons: list[Place] = []
        marked: list[tuple[Said, int | None]] = []
        for fault in faults:
            index, reason = self._index_of(fault.field), self._words.explain(fault, self._kind)
            reasons.append(self._say_at(number, index, reason))
            marked.append((self._words.at(self._title(index), reason), index))
        pickle.dump((self._without_the_public(cells), marked), self._spool)
        return reasons

    def worded(self, number: int, note: Note) -> Place:
        """Return the row and column of a note, and the formatted cell and note."""
        texts = self._words.note(note, self._kind)
        return self._say_at(number, self._index_of(note.field), texts)

    def write(
        self, out: Mapping[str, Path], table: OpenedSheet, header: Sequence[Sequence[Cell]]
    ) -> None:
        """Write the rows to a file for each language."""
        for language, path in out.items():
            write_refused(
                path,
                sheet=table.sheet,
                header=header,
                rows=self._rows(language),
                reason_title=self._words.reason_title[language],
                epoch_1904=table.epoch_1904,
            )

    def close(self) -> None:
        self._spool.close()

    def _say_at(self, number: int, index: int | None, texts: Said) -> Place:
        cell = "" if index is None else f"{letters(index)}{number}"
        return number, self._title(index), self._words.at(cell, texts)

    def _title(self, index: int | None) -> str:
        return "" if index is None else self._titles.get(index, "")

    def _index_of(self, field: str) -> int | None:
        indexes = self._placed.indexes
        return indexes.get(field, indexes.get(ELSEWHERE.get(field, "")))

    def _without_the_public(self, cells: Sequence[Cell]) -> list[Cell]:
        """Names of members of the public are not returned either: they were never read."""
        stored = ["" if index in self._out else cell for index, cell in enumerate(cells)]
        return [masked(cell).text if isinstance(cell, str) else cell for cell in stored]

    def _rows(self, language: str) -> Iterator[RefusedRow]:
        self._spool.seek(0)
        while True:
            try:
                cells, marked = pickle.load(self._spool)  # noqa: S301 - our own file, unlinked
            except EOFError:
                return
            yield RefusedRow(cells, [RefusedCell(row[language], index) for row, index in marked])
