"""What a file would change and what has to be answered: the first ones, and all in files."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from bihuan.cases.rows import Judged, Question, Resembles, Taken
from bihuan.ledgers.reading import Note
from bihuan.sheets.reader import Row as Cells

CHANGES, QUESTIONS = "changes.jsonl", "questions.jsonl"
# So many are told at once; a page and a file tell them all.
FIRST = 200
SPOOL = 8 * 1024 * 1024


@dataclass
class Findings:
    """Fields that rows change, and rows that wait for an answer, as plain values.

    With a folder to report to, all of them are written there, a line of JSON for each.
    """

    folder: Path | None = None
    changed: int = 0
    asked: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    _files: ExitStack = field(default_factory=ExitStack)
    _out: dict[str, IO[str]] = field(default_factory=dict)

    def add(self, taken: Taken) -> None:
        """What a batch changes, and the questions among the reasons why rows are refused."""
        self.changed += len(taken.changes)
        self._keep(CHANGES, self.changes, [change._asdict() for change in taken.changes])
        questions = [why.question for _, why in taken.refused if isinstance(why, Resembles)]
        self.asked += len(questions)
        self._keep(QUESTIONS, self.questions, [_plain(question) for question in questions])

    def close(self) -> None:
        self._files.close()

    def _keep(self, name: str, first: list[dict[str, Any]], said: list[dict[str, Any]]) -> None:
        first += said[: max(0, FIRST - len(first))]
        if self.folder is None or not said:
            return
        if name not in self._out:
            path = self.folder / name
            self._out[name] = self._files.enter_context(path.open("w", encoding="utf-8"))
        self._out[name].writelines(f"{json.dumps(each, ensure_ascii=False)}\n" for each in said)


def _plain(question: Question) -> dict[str, Any]:
    return {**question._asdict(), "changes": [list(change) for change in question.changes]}


def page_of(folder: Path, name: str, start: int, most: int) -> list[dict[str, Any]]:
    """So many of the changes or questions of an import, from the one after `start` on."""
    try:
        with (folder / name).open(encoding="utf-8") as lines:
            return [json.loads(line) for line in islice(lines, start, start + most)]
    except FileNotFoundError:
        return []


def forget(folder: Path) -> None:
    """What an earlier trial found counts no longer."""
    for name in (CHANGES, QUESTIONS):
        (folder / name).unlink(missing_ok=True)


class Waited(NamedTuple):
    """A row of the file that is looked at again: its number, its cells, what they say."""

    number: int
    cells: Cells
    judged: list[Judged[Any]]
    notes: Sequence[Note]


class Waiting:
    """Rows that are looked at again when the whole file is known, kept out of memory."""

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
