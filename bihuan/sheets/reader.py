"""Opens a workbook in a process of its own and hands on its rows as they are read."""

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
    """A cell that should hold a value and holds an error, or a formula never worked out."""

    kind: Literal["error", "unsaved_formula"]
    shown: str


Cell = str | float | bool | date | time | timedelta | Broken
"""What a cell holds; one without content is the empty text."""

NOTHING: Mapping[int, Any] = MappingProxyType({})


class SheetRow(list[Cell]):
    """The cells of one row, and what else its sheet says of them; columns count from 0."""

    hidden: bool = False
    struck: Sequence[int] = ()
    """The columns whose words are struck through."""
    notes: Mapping[int, str] = NOTHING
    """The notes (comments) on its cells."""
    above: Mapping[int, tuple[int, Cell]] = NOTHING
    """For each cell that is merged with one above: that one's row number and value."""

    def spread(self, first: int) -> "SheetRow":
        """Fill in what merged cells say here, but for those that begin above the row `first`."""
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
    """A sheet of which there are others, its first rows, and how many of its rows hold anything."""

    name: str
    hidden: bool
    filled: int
    rows: tuple[SheetRow, ...]


Choose = Callable[[Sequence[Head]], str]
"""Which of several sheets is to be read."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """The chosen sheet; the nth item of `rows` is row n of the file, blank rows included."""

    sheets: tuple[Sheet, ...]
    sheet: str
    height: int | None
    rows: Iterator[SheetRow]
    epoch_1904: bool = False
    """Whether a bare number that means a day counts from 1904."""
    hidden_columns: tuple[int, ...] = ()
    filtered: bool = False
    """Whether a filter was set when the file was saved."""
    unsure_formulas: int = 0
    """Formulas that say 0 or nothing in a file that cannot say whether they were worked out."""
    others: tuple[Head, ...] = ()
    """The sheets that hold something and are not read."""


@contextmanager
def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    choose: Choose = lambda heads: heads[0].name,
    limits: Limits = ORDINARY,
) -> Iterator[OpenedSheet]:
    """The rows of the named sheet, or of the visible one that is chosen; or `SheetRefused`."""
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
    """Name the better format where a file in another one is too much."""
    try:
        yield
    except SheetRefused as refused:
        if refused.fault in OF_SIZE and "better" not in refused.details and _is_costly(path):
            raise SheetRefused(refused.fault, **refused.details, better=".xlsx") from None
        raise


def _is_costly(path: Path) -> bool:
    """Whether it is an .ods or .xls, which take several times what an .xlsx takes."""
    with path.open("rb") as file:
        head = file.read(100)
    return head.startswith(b"\xd0\xcf\x11\xe0") or b"opendocument.spreadsheet" in head


class _Choice:
    """The pipe on which the parser is told which sheet to read."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()

    def answer(self, name: str) -> None:
        os.write(self._writing, json.dumps(name).encode() + b"\n")

    def close(self) -> None:
        os.close(self.reading)
        os.close(self._writing)


def _start(path: Path, sheet: str | None, choice: _Choice, limits: Limits) -> Child:
    with path.open("rb") as file, TemporaryFile() as spill:
        # The parser may write no file; what it may not keep in memory goes into this one, which
        # has no name and takes no room before something is in it.
        spill.truncate(limits.inflated_bytes)
        asked = {
            "limits": asdict(limits),
            "sheet": sheet,
            "suffix": path.suffix.lower(),
            "choice": choice.reading,
            "spill": spill.fileno(),
        }
        return outside.start(CHILD, asked, file, (choice.reading, spill.fileno()))


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
    """A row of which there is more to say than its cells."""
    row = SheetRow(answer["cells"])
    row.hidden = answer["hidden"]
    row.struck = answer["struck"]
    row.notes = dict(answer["notes"])
    row.above = {column: (number, value) for column, number, value in answer["above"]}
    return row


def _answers(child: Child, limits: Limits) -> Iterator[Any]:
    """Every value that the child sends, up to and with its last; a refusal is raised."""
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
    """Whole lines as they come, many at once; only the time spent waiting for them counts."""
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
    """Which limit ended a child that could not say so itself."""
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
