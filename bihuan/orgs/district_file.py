"""Reading a district from a TOML file, with the line of each fault."""

from __future__ import annotations

import re
import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from bihuan.orgs.district import BadDistrict, District, Fault, Lines, parse

HEADER = re.compile(r"\s*\[\[\s*([\w.\s]+?)\s*\]\]")
KEY = re.compile(r"\s*\"?(\w+)\"?\s*=")


def read(path: Path) -> District:
    """Parse this file into a district; raise `BadDistrict` with every fault found."""
    text = _decoded(path.read_bytes())
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadDistrict([Fault("", "", str(error))]) from error
    lines = _lines(text)
    try:
        return replace(parse(tables), lines=lines)
    except BadDistrict as bad:
        raise bad.within(lines) from None


def _decoded(content: bytes) -> str:
    """Decode UTF-8 with or without a BOM, or the encodings common in Chinese editors, or refuse."""
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDistrict([Fault("", "", _("not a text in UTF-8 or GB 18030"))])


def _lines(text: str) -> Lines:
    """Map each entry that has its own table header to its line, using the reader's names."""
    lines: dict[str, tuple[int, dict[str, int]]] = {}
    counts: list[tuple[str, int]] = []
    keys: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            names = [name.strip() for name in header[1].split(".")]
            same = len(counts) >= len(names) and counts[len(names) - 1][0] == names[-1]
            count = counts[len(names) - 1][1] + 1 if same else 1
            counts = [*counts[: len(names) - 1], (names[-1], count)]
            keys = {}
            where = ", ".join(f"{name} {count}" for name, count in counts)
            lines.setdefault(where, (number, keys))
        elif key := KEY.match(line):
            keys.setdefault(key[1], number)
    return lines
