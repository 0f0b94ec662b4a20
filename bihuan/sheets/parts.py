"""Stream the parts of an .xlsx package, so that memory does not depend on the size of the file.

The XML is split after whole elements (rows, shared strings) and each piece is parsed as a separate
document under the root's tag, so that the parser in C does the work in constant memory.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import ZipFile

from bihuan.sheets.archive import plain_content
from bihuan.sheets.refusals import SheetFault, SheetRefused

MEBIBYTE = 1 << 20
# The maximum size of what precedes the rows, of one row, and of each part that is read whole.
LONGEST = 32 * MEBIBYTE
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*?(?:encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*)?\?>")
_UNICODE_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OFFICES_ENCODINGS = frozenset(("utf-16", "gb2312", "gbk", "gb18030", "iso-8859-1", "windows-1252"))


class Package:
    """The zip archive, and the relationships of its parts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        with ZipFile(file) as archive:
            self._parts = {_plain_name(part.filename): part for part in archive.infolist()}

    def is_excel(self) -> bool:
        """Whether it is a workbook in XML, not in binary parts."""
        named = (name for kind, name in self.related("").values() if kind == "officeDocument")
        return next(named, "xl/workbook.xml").endswith(".xml")

    def has(self, name: str) -> bool:
        return _plain_name(name) in self._parts

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield the part's XML in UTF-8 chunks, without its declaration."""
        part = self._parts.get(_plain_name(name))
        if part is None:
            raise SheetRefused(SheetFault.DAMAGED)
        return _in_utf_8(plain_content(self._file, part))

    def tree(self, name: str) -> Element:
        """Parse a part that is small in every ordinary workbook as a tree."""
        content = bytearray()
        for chunk in self.stream(name):
            content += chunk
            if len(content) > LONGEST:
                raise SheetRefused(SheetFault.TOO_MUCH_MEMORY, mebibytes=LONGEST // MEBIBYTE)
        return parsed(bytes(content))

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the related parts by relationship id: the last word of the type, and the name."""
        folder = dirname(name)
        links = join(folder, "_rels", name[len(folder) :].lstrip("/") + ".rels")
        if not self.has(links):
            return {}
        return {
            link.get("Id", ""): (
                link.get("Type", "").rpartition("/")[2],
                normpath(join("/", folder, link.get("Target", ""))).lstrip("/"),
            )
            for link in self.tree(links)
            if link.get("TargetMode") != "External"
        }


class Pieces:
    """The items of one container element in a part, as trees of a few hundred items at a time."""

    def __init__(self, chunks: Iterator[bytes], *, root: str, container: str, item: str) -> None:
        self._chunks, self._rest = chunks, b""
        within = _opening(container)
        opened = self._found(within)
        self.head = self._rest[: opened.start()]
        top = _opening(root).search(self._rest)
        if top is None:
            raise SheetRefused(SheetFault.DAMAGED)
        prefix = opened[1]
        self._open = top[0].rstrip(b"/>") + b">"
        self._close = b"</" + top[1] + root.encode() + b">"
        self.item_end = b"</" + prefix + item.encode()
        self._container_end = b"</" + prefix + container.encode()
        self._rest = self._rest[opened.end() :]
        self._ended = bool(opened[2])

    def __iter__(self) -> Iterator[Element]:
        """Yield elements whose children are items; afterwards `tail` has what follows the
        container.
        """
        for piece in self.raw():
            yield self.tree(piece)

    def raw(self) -> Iterator[bytes]:
        """Yield the items unparsed, in chunks that end with a whole item."""
        while not self._ended:
            end = self._rest.find(self._container_end)
            if end >= 0:
                piece, self._rest, self._ended = self._rest[:end], self._rest[end:], True
                yield piece
                return
            last = self._rest.rfind(self.item_end)
            cut = self._rest.find(b">", last) + 1 if last >= 0 else 0
            if cut:
                piece, self._rest = self._rest[:cut], self._rest[cut:]
                yield piece
            self._more()

    def tail(self) -> Iterator[bytes]:
        """What follows the container; available after all items were read."""
        yield self._rest
        yield from self._chunks

    def head_tree(self) -> Element:
        """Parse what precedes the container as a tree."""
        return parsed(self.head + self._close) if self.head else parsed(self._open + self._close)

    def tree(self, piece: bytes) -> Element:
        """Parse a chunk as a tree under its original root."""
        return parsed(b"".join((self._open, piece, self._close)))

    def _found(self, wanted: "re.Pattern[bytes]") -> "re.Match[bytes]":
        while (found := wanted.search(self._rest)) is None:
            self._more()
        return found

    def _more(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise SheetRefused(SheetFault.DAMAGED)
        self._rest += chunk
        if len(self._rest) > LONGEST:
            raise SheetRefused(SheetFault.TOO_MUCH_MEMORY, mebibytes=LONGEST // MEBIBYTE)


def parsed(content: bytes) -> Element:
    try:
        return fromstring(content)  # noqa: S314 - document types were refused before
    except (ParseError, ValueError):
        raise SheetRefused(SheetFault.DAMAGED) from None


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def index_of(letters: str) -> int:
    """Convert column letters to an index, from 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def is_on(value: str | None) -> bool:
    """Whether an optional boolean attribute is true."""
    return value in ("1", "true", "on")


def _opening(name: str) -> "re.Pattern[bytes]":
    """Find the opening tag of an element with any prefix, and whether it is self-closing."""
    return re.compile(rb"<((?:[\w.-]+:)?)" + name.encode() + rb"(?:\s[^<>]*?)?(/?)>")


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _in_utf_8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    chunks = iter(chunks)
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) > 1024:
            break
    declared = _DECLARATION.match(first.removeprefix(codecs.BOM_UTF8))
    encoding = (declared[1] or b"").decode().lower() if declared else ""
    if first.startswith(_UNICODE_16):
        encoding = "utf-16"
    if encoding not in _OFFICES_ENCODINGS:
        first = first.removeprefix(codecs.BOM_UTF8)
        yield first[declared.end() :] if declared else first
        yield from chunks
        return
    yield from _recoded(first, chunks, encoding)


def _recoded(first: bytes, chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(first).encode()
        declared = _DECLARATION.match(text)
        yield text[declared.end() :] if declared else text
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
    except UnicodeError:
        raise SheetRefused(SheetFault.DAMAGED) from None
