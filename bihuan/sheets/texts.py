"""The shared strings of a workbook: the first in memory, the others in a file.

Programs number the texts in the order of first use, so frequent ones come early. The parser may not
create files; it is given one that already has its maximum length, and writes it through memory
maps, one window at a time.
"""

import mmap
import os
import re
from array import array
from collections.abc import Iterator
from errno import EDQUOT, ENOSPC
from xml.etree.ElementTree import Element

from bihuan.sheets.parts import Pieces, local
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.styles import is_struck

KEPT = 50_000
KEPT_BYTES = 16 << 20
WINDOW = 8 << 20
READ_AHEAD = 16 << 10
# A text as most programs write it; other forms, and entities, go through the XML parser.
_COMMON = re.compile(
    r'<si><t(?: xml:space="preserve")?>([^<&]*)</t>(?:<phoneticPr(?: [^<>]*)?/>)?</si>'
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Texts:
    """The texts by index."""

    def __init__(self, pieces: Pieces | None, spill: int) -> None:
        self._kept: list[str] = []
        self._starts = array("Q", [0])
        self._spill = _Spill(spill)
        self._struck: set[int] = set()
        left = KEPT_BYTES
        for number, (text, struck) in enumerate(_texts(pieces) if pieces else ()):
            if struck:
                self._struck.add(number)
            if left > 0 and number < KEPT:
                self._kept.append(text)
                left -= len(text) * 4
            else:
                left = 0
                self._spill.append(text.encode())
                self._starts.append(self._spill.size)
        self._spill.flush()

    def at(self, written: str) -> str:
        """Return the text with this index."""
        try:
            number = int(written)
            if 0 <= number < len(self._kept):
                return self._kept[number]
            return self._far(number - len(self._kept))
        except (ValueError, IndexError):
            raise SheetRefused(SheetFault.DAMAGED) from None

    @property
    def any_struck(self) -> bool:
        """Whether any text is partly struck through."""
        return bool(self._struck)

    def is_struck(self, written: str) -> bool:
        """Whether the text is partly struck through."""
        return bool(self._struck) and int(written) in self._struck

    def _far(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return self._spill.read(self._starts[number], self._starts[number + 1]).decode()


class _Spill:
    """A file that is written sequentially once, then read at random."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        self.size = 0
        self._pending = bytearray()
        self._written = 0
        self._from, self._ahead = 0, b""

    def append(self, content: bytes) -> None:
        self._pending += content
        self.size += len(content)
        while len(self._pending) >= WINDOW:
            self._write(WINDOW)

    def flush(self) -> None:
        if self._pending:
            self._write(len(self._pending))

    def _write(self, length: int) -> None:
        if self._written + length > os.fstat(self._file).st_size:
            raise SheetRefused(SheetFault.DAMAGED)
        self._take_room(length)
        # Every window but the last is written in full, so each starts at a page boundary.
        with mmap.mmap(self._file, length, offset=self._written) as window:
            window[:] = bytes(self._pending[:length])
        del self._pending[:length]
        self._written += length

    def _take_room(self, length: int) -> None:
        """Reserve disk space: on a full disk, writing to a memory map would kill the process."""
        try:
            os.posix_fallocate(self._file, self._written, length)
        except OSError as error:
            if error.errno in (ENOSPC, EDQUOT):
                raise SheetRefused(SheetFault.NO_ROOM) from None
            # The file system cannot reserve space; a full disk then shows while writing.

    def read(self, start: int, end: int) -> bytes:
        if not self._from <= start or end > self._from + len(self._ahead):
            self._from = start
            self._ahead = os.pread(self._file, max(end - start, READ_AHEAD), start)
        return self._ahead[start - self._from : end - self._from]


def _texts(pieces: Pieces) -> Iterator[tuple[str, bool]]:
    for piece in pieces.raw():
        found = _COMMON.split(_decoded(piece))
        for at, between in enumerate(found[::2]):
            if between.strip():
                for item in pieces.tree(between.encode()):
                    text, struck = text_of(item)
                    yield plain(text), struck
            if 2 * at + 1 < len(found):
                yield plain(found[2 * at + 1]), False


def _decoded(piece: bytes) -> str:
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        raise SheetRefused(SheetFault.DAMAGED) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def text_of(item: Element) -> tuple[str, bool]:
    """Return a shared or inline text without phonetic readings, and whether any of it is struck
    through.
    """
    if len(item) == 1 and local(item[0].tag) == "t":
        return item[0].text or "", False
    words, struck = [], False
    for part in item:
        name = local(part.tag)
        if name == "t":
            words.append(part.text or "")
        elif name == "r":
            run = {local(each.tag): each for each in part}
            text = (run["t"].text or "") if "t" in run else ""
            words.append(text)
            struck = struck or (bool(text.strip()) and is_struck(run.get("rPr")))
    return "".join(words), struck


def plain(text: str) -> str:
    """Decode characters that XML cannot hold, written as _x000D_."""
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # An unpaired surrogate is dropped.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
