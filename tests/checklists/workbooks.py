"""Forms for tests: written here, or copies of a real one that were spoilt."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

from openpyxl import Workbook, load_workbook

from bihuan.checklists import child, reader
from bihuan.core.checklist_xlsform import Reading

FORMS = Path(__file__).parents[1] / "data" / "inspection_forms"
SURVEY = ("type", "name", "label")
Rows = Sequence[Sequence[str]]


def workbook(survey: Rows, choices: Rows = (), more: Mapping[str, Rows] | None = None) -> bytes:
    """A form with these rows, the first of each sheet being its columns."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {"survey": survey, "choices": choices, **(more or {})}
    for name, rows in sheets.items():
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def spoilt(name: str, *cells: tuple[str, str]) -> bytes:
    """A copy of a real form with other words in these cells of its survey."""
    book = load_workbook(FORMS / name)
    for cell, text in cells:
        book["survey"][cell] = text
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parsed(data: bytes) -> Reading:
    """Read a form in this process, which is quicker and judges the same."""
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return reader.understood(child.read(file, reader.LIMITS))


def lying(data: bytes, said: int = 10) -> bytes:
    """A copy whose directory says that each part is small."""
    spoilt = bytearray(data)
    place = spoilt.find(b"PK\x01\x02")
    while place >= 0:
        spoilt[place + 24 : place + 28] = said.to_bytes(4, "little")
        place = spoilt.find(b"PK\x01\x02", place + 4)
    return bytes(spoilt)


def bomb(data: bytes, mebibytes: int = 200) -> bytes:
    """A copy with a part that inflates to many times its size."""
    buffer = BytesIO(data)
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/zeros.bin", "w") as part,
    ):
        for _ in range(mebibytes):
            part.write(bytes(1 << 20))
    return buffer.getvalue()
