"""Workbooks made to hurt, and the least workbook that they grow from."""

import struct
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PART = "application/vnd.openxmlformats-package"
CONTENT_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{PART}.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
ROOT_LINKS = (
    f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK_LINKS = (
    f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def workbook(
    path: Path,
    rows: Iterable[str],
    *,
    before: str = "",
    strings: str = "",
    extra: Iterable[tuple[str, str]] = (),
) -> Path:
    """A workbook of one sheet with these row elements, as they are."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", ROOT_LINKS)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_LINKS)
        archive.writestr(STRINGS, f'<?xml version="1.0"?><sst xmlns="{MAIN}">{strings}</sst>')
        with archive.open(SHEET, "w") as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{before}'.encode())
            sheet.write(b"<sheetData>")
            for row in rows:
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")
        for name, content in extra:
            archive.writestr(name, content)
    return path


def number_row(number: int, *cells: str) -> str:
    """A row element with the number 1 in the named cells."""
    ones = "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells)
    return f'<row r="{number}">{ones}</row>'


def far_cell(path: Path) -> Path:
    """Two cells in opposite corners of the largest sheet there is."""
    return workbook(path, [number_row(1, "A1"), number_row(1_048_576, "XFD1048576")])


def false_dimension(path: Path) -> Path:
    """One cell in a sheet that claims to be full."""
    return workbook(path, [number_row(1, "A1")], before='<dimension ref="A1:XFD1048576"/>')


def row_bomb(path: Path, *, rows: int) -> Path:
    """Empty rows that deflate a thousand to one."""
    thousand = '<row><c t="inlineStr"><is><t>隐患</t></is></c></row>' * 1000
    return workbook(path, (thousand for _ in range(rows // 1000)))


def shared_string_bomb(path: Path, *, cells: int) -> Path:
    """One text of a megabyte that thousands of cells use."""
    used = (f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    return workbook(path, used, strings=f"<si><t>{'x' * (1 << 20)}</t></si>")


def entity_bomb(path: Path) -> Path:
    """A billion laughs among the shared strings."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    workbook(path, [number_row(1, "A1")])
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    laughed = f'<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    parts[STRINGS] = f'<?xml version="1.0"?><!DOCTYPE sst [{laughs}]>{laughed}'.encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def many_parts(path: Path, *, parts: int) -> Path:
    """A workbook with thousands of archives inside."""
    inner = ((f"xl/embeddings/{n}.zip", "PK\x03\x04") for n in range(parts))
    return workbook(path, [number_row(1, "A1")], extra=inner)


def lying_sizes(path: Path) -> Path:
    """A sheet whose headers say that it is a few bytes long when inflated."""
    row_bomb(path, rows=20_000)
    content = bytearray(path.read_bytes())
    for mark, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = content.find(mark)
        while at >= 0:
            if content[at + name_at :].startswith(SHEET.encode()):
                content[at + size_at : at + size_at + 4] = struct.pack("<I", 100)
            at = content.find(mark, at + 1)
    path.write_bytes(content)
    return path
