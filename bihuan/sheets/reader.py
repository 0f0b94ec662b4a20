"""Open a workbook in a separate process and yield its rows as they are read."""

import json
import os
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from types import MappingProxyType
from typing import Any, Literal

from bihuan.confined import outside
from bihuan.confined.outside import CHUNK, Child, Ended
from bihuan.sheets.limits import MEBIBYTE, ORDINARY, Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell with an error instead of a value, or a formula that was never calculated."""

    kind: Literal["error", "unsaved_formula"]
    shown: str


Cell = str | float | bool | date | time | timedelta | Broken
"""The content of a cell; an empty cell is the empty text."""

NOTHING: Mapping[int, Any] = MappingProxyType({})


class SheetRow(list[Cell]):
    """The cells of one row, with further data from the sheet; columns are numbered from 0."""

    hidden: bool = False
    struck: Sequence[int] = ()
    """The columns with struck-through text."""
    notes: Mapping[int, str] = NOTHING
    """The notes (comments) on its cells."""
    above: Mapping[int, tuple[int, Cell]] = NOTHING
    """For each cell merged with one above: the row number and value of that cell."""

    across: Mapping[int, int] = NOTHING
    """For each cell merged with one to its left, in the first rows: the column of that cell."""

    def spread(self, first: int) -> "SheetRow":
        """Fill in the values of merged cells, except those that begin above the row `first`."""
        for column, (row, value) in self.above.items():
            if row >= first and column < len(self) and self[column] == "":
                self[column] = value
        return self


CHILD = "bihuan.sheets.child"
OF_SIZE = (SheetFault.TOO_MUCH_INSIDE, SheetFault.TOO_MUCH_MEMORY, SheetFault.TOO_SLOW)

_WHOLE: dict[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
    "error": lambda shown: Broken("error", shown),
    "unsaved_formula": lambda shown: Broken("unsaved_formula", shown),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Head:
    """One of several sheets: its first rows, and its number of non-empty rows."""

    name: str
    hidden: bool
    filled: int
    rows: tuple[SheetRow, ...]


Choose = Callable[[Sequence[Head]], str]
"""Chooses which of several sheets is read."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """The chosen sheet; the nth item of `rows` is row n of the file, including blank rows."""

    sheets: tuple[Sheet, ...]
    sheet: str
    height: int | None
    rows: Iterator[SheetRow]
    epoch_1904: bool = False
    """Whether serial numbers of dates count from 1904."""
    hidden_columns: tuple[int, ...] = ()
    filtered: bool = False
    """Whether a filter was active when the file was saved."""
    unsure_formulas: int = 0
    """Formulas with the value 0 or empty in a file that does not record whether they were
    calculated.
    """
    others: tuple[Head, ...] = ()
    """The non-empty sheets that are not read."""


@contextmanager
def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    choose: Choose = lambda heads: heads[0].name,
    limits: Limits = ORDINARY,
) -> Iterator[OpenedSheet]:
    """Open the named sheet, or the visible one that is chosen; raise `SheetRefused` if that
    fails.
    """
    size = path.stat().st_size
    if not size:
        raise SheetRefused(SheetFault.EMPTY)
    if size > limits.file_bytes:
        raise SheetRefused(SheetFault.FILE_TOO_LARGE, mebibytes=limits.file_bytes // MEBIBYTE)
    with ExitStack() as stack:
        stack.enter_context(_with_advice(path))
        choice = _Choice()
        stack.callback(choice.close)
        child = _start(path, sheet, choice, limits)
        stack.callback(outside.end, child)
        answers = _answers(child, limits)
        first = next(answers)
        if "heads" in first:
            choice.answer(choose([_head(each) for each in first["heads"]]))
            first = next(answers)
        yield OpenedSheet(
            sheets=tuple(Sheet(name, hidden) for name, hidden in first["sheets"]),
            sheet=first["sheet"],
            height=first["height"],
            rows=_rows(answers),
            epoch_1904=first.get("epoch_1904", False),
            hidden_columns=tuple(first.get("hidden_columns", ())),
            filtered=first.get("filtered", False),
            unsure_formulas=first.get("unsure_formulas", 0),
            others=tuple(_head(each) for each in first.get("others", ())),
        )


@contextmanager
def _with_advice(path: Path) -> Iterator[None]:
    """Suggest a better format if a file in another one exceeds the limits."""
    try:
        yield
    except SheetRefused as refused:
        if refused.fault in OF_SIZE and "better" not in refused.details and _is_costly(path):
            raise SheetRefused(refused.fault, **refused.details, better=".xlsx") from None
        raise


def _is_costly(path: Path) -> bool:
    """Whether it is an .ods or .xls file, which needs several times the resources of an .xlsx
    file.
    """
    with path.open("rb") as file:
        head = file.read(100)
    return head.startswith(b"\xd0\xcf\x11\xe0") or b"opendocument.spreadsheet" in head


class _Choice:
    """The pipe through which the parser learns which sheet to read."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()

    def answer(self, name: str) -> None:
        os.write(self._writing, json.dumps(name).encode() + b"\n")

    def close(self) -> None:
        os.close(self.reading)
        os.close(self._writing)


def _start(path: Path, sheet: str | None, choice: _Choice, limits: Limits) -> Child:
    with path.open("rb") as file, TemporaryFile() as spill:
        # The parser may not create files. Data that exceeds its memory goes into this unnamed file,
        # which takes no space until it is written to.
        spill.truncate(limits.inflated_bytes)
        request = {
            "limits": asdict(limits),
            "sheet": sheet,
            "suffix": path.suffix.lower(),
            "choice": choice.reading,
            "spill": spill.fileno(),
        }
        return outside.start(CHILD, request, file, (choice.reading, spill.fileno()))


def _rows(answers: Iterator[Any]) -> Iterator[SheetRow]:
    for answer in answers:
        if type(answer) is list:
            yield SheetRow(answer)
        elif "cells" in answer:
            yield _told(answer)
        else:
            return


def _head(answer: dict[str, Any]) -> Head:
    rows = tuple(map(SheetRow, answer["rows"]))
    return Head(answer["name"], answer["hidden"], answer["filled"], rows)


def _told(answer: dict[str, Any]) -> SheetRow:
    """Decode a row that has further data."""
    row = SheetRow(answer["cells"])
    row.hidden = answer["hidden"]
    row.struck = answer["struck"]
    row.notes = dict(answer["notes"])
    row.above = {column: (number, value) for column, number, value in answer["above"]}
    row.across = dict(answer["across"])
    return row


def _answers(child: Child, limits: Limits) -> Iterator[Any]:
    """Yield every value that the child sends, up to and including its last; raise a refusal."""
    decode = json.JSONDecoder(object_hook=_restored).decode
    for lines in _lines(child, limits):
        try:
            answers = decode(f"[{lines.decode().replace(chr(10), ',')}]")
        except (ValueError, TypeError, RecursionError):
            raise SheetRefused(SheetFault.DAMAGED) from None
        yield from answers
        last = answers[-1]
        if type(last) is dict and "end" in last:
            return
    raise _why_it_died(child.wait(), limits)


def _restored(sent: dict[str, Any]) -> Any:
    if len(sent) == 1:
        for kind, value in sent.items():
            whole = _WHOLE.get(kind)
            return whole(value) if whole else sent
    if "refused" in sent:
        raise SheetRefused(SheetFault(sent["refused"]), **sent["details"])
    return sent


def _lines(child: Child, limits: Limits) -> Iterator[bytes]:
    """Yield whole lines as they come, many at once; only time spent waiting for them counts."""
    assert child.stdout is not None
    pipe = child.stdout.fileno()
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    left, most = float(limits.waited), limits.columns * limits.cell_length * 4 + CHUNK
    rest = bytearray()
    while True:
        began = monotonic()
        ready = poll.poll(left * 1000)
        left -= monotonic() - began
        if not ready:
            raise SheetRefused(SheetFault.TOO_SLOW, seconds=limits.waited)
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return
        lines, ended, tail = chunk.rpartition(b"\n")
        if ended:
            yield bytes(rest) + lines
            rest = bytearray(tail)
        else:
            rest += chunk
        if len(rest) > most:
            raise SheetRefused(SheetFault.DAMAGED)


def _why_it_died(status: int, limits: Limits) -> SheetRefused:
    """Return which limit ended a child that could not report it."""
    match outside.why(status):
        case Ended.TOO_SLOW:
            return SheetRefused(SheetFault.TOO_SLOW, seconds=limits.seconds)
        case Ended.NO_ROOM:
            return SheetRefused(SheetFault.NO_ROOM)
        case Ended.TOO_MUCH_MEMORY:
            mebibytes = limits.memory_bytes // MEBIBYTE
            return SheetRefused(SheetFault.TOO_MUCH_MEMORY, mebibytes=mebibytes)
        case Ended.BROKEN:
            return SheetRefused(SheetFault.DAMAGED)
