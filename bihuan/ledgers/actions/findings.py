"""What a file would change and which questions it raises: the first ones, and all in files."""

from __future__ import annotations

import json
import os
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from django.conf import settings

from bihuan.core.tally import Tally
from bihuan.sheets.ledger.reading import Note
from bihuan.sheets.ledger.rows import Answer, Doubt, ImportResult, Judged, Question, RowChange
from bihuan.sheets.reader import SheetRow as Cells

CHANGES = "changes.jsonl"
# The number shown at once; a page and a file have all of them.
FIRST = 200
# The number of ranges of new rows that are kept.
RANGES = 1_000
SPOOL = 8 * 1024 * 1024


def asked_in(sort: Doubt) -> str:
    """Return the file with the questions of one type."""
    return f"asked-{sort}.jsonl"


FILES = (CHANGES, *map(asked_in, Doubt))


@dataclass
class Findings:
    """Fields that rows change, and rows that may be existing cases, as plain values.

    `questions` are the first unanswered ones. With a report folder, all changes and all questions
    are written there, answered or not, one JSON line each.
    """

    folder: Path | None = None
    changed: int = 0
    emptied: int = 0
    ended: int = 0
    # Rows that were linked to cases from another source.
    linked: int = 0
    # The first new rows, as ranges: first and last.
    created: list[list[int]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    # The number of questions of each type, of unanswered ones, and of rows left out.
    doubts: Counter[Doubt] = field(default_factory=Counter)
    asked: int = 0
    left: int = 0
    _seen: Tally = field(default_factory=Tally)
    _files: ExitStack = field(default_factory=ExitStack)
    _out: dict[str, IO[str]] = field(default_factory=dict)

    def add(self, taken: ImportResult) -> None:
        """Add the changes and questions of a batch."""
        self.ended += taken.ended
        self.linked += taken.linked
        for row in sorted({*taken.created}):
            self._create(row)
        for change in taken.changes:
            self._change(change)
        for question in taken.questions:
            self._question(question)

    def undo(self) -> None:
        """Undo a batch that was not saved."""
        self.changed = self.emptied = self.ended = self.linked = 0
        self.changes.clear()
        self.created.clear()
        if self.folder is not None:
            (self.folder / CHANGES).unlink(missing_ok=True)

    def close(self) -> None:
        self._files.close()

    def _create(self, row: int) -> None:
        if self.created and self.created[-1][1] == row - 1:
            self.created[-1][1] = row
        elif len(self.created) < RANGES:
            self.created.append([row, row])

    def _change(self, change: RowChange) -> None:
        self.changed += 1
        self.emptied += bool(change.old and not change.new)
        self._keep(CHANGES, self.changes, change._asdict())

    def _question(self, question: Question) -> None:
        self.left += question.answer is Answer.LEAVE
        # Two parts of one row may be the same case: that is one question.
        if self._seen.add(_digest(question)):
            return
        self.doubts[question.sort] += 1
        first: list[dict[str, Any]] = []
        if question.answer is None:
            self.asked += 1
            first = self.questions
        self._keep(asked_in(question.sort), first, _plain(question))

    def _keep(self, name: str, first: list[dict[str, Any]], values: dict[str, Any]) -> None:
        if len(first) < FIRST:
            first.append(values)
        if self.folder is None:
            return
        if name not in self._out:
            out = self._files.enter_context((self.folder / name).open("w", encoding="utf-8"))
            os.fchmod(out.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
            self._out[name] = out
        self._out[name].write(f"{json.dumps(values, ensure_ascii=False)}\n")


def _digest(question: Question) -> int:
    text = f"{question.row} {question.number}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def _plain(question: Question) -> dict[str, Any]:
    lists = {name: [list(each) for each in getattr(question, name)] for name in ("changes", "both")}
    return {**question._asdict(), "sort": question.sort, **lists}


def page_of(folder: Path, name: str, start: int, most: int) -> list[Mapping[str, Any]]:
    """Return a page of the changes or questions of an import, starting after `start`."""
    return list(islice(every(folder, name, start), most))


def every(folder: Path, name: str, start: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the changes or questions of an import; none if there are no findings."""
    try:
        with (folder / name).open(encoding="utf-8") as lines:
            yield from map(json.loads, islice(lines, start, None))
    except FileNotFoundError:
        return


def forget(folder: Path) -> None:
    """Delete the findings of an earlier trial run."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


class Waited(NamedTuple):
    """A row of the file that is checked again: its number, its cells, their values."""

    number: int
    cells: Cells
    judged: list[Judged[Any]]
    notes: Sequence[Note]


class Waiting:
    """Rows that are checked again when the whole file is known, kept on disk."""

    def __init__(self) -> None:
        self._spool: IO[bytes] = SpooledTemporaryFile(SPOOL)  # noqa: SIM115

    def add(self, row: Waited) -> None:
        pickle.dump(row, self._spool)

    def batches(self, size: int) -> Iterator[list[Waited]]:
        self._spool.seek(0)
        rows = self._rows()
        while batch := list(islice(rows, size)):
            yield batch

    def close(self) -> None:
        self._spool.close()

    def _rows(self) -> Iterator[Waited]:
        while True:
            try:
                yield pickle.load(self._spool)  # noqa: S301 - our own file, unlinked
            except EOFError:
                return
