"""The process that reads one XLSForm from its standard input, within limits, and nothing else.

It answers with one JSON value: the rows of the sheets, after `pyxform` has accepted the form; or
why not. It has no access to Django or to any secret (docs/decisions/0040).
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from typing import Any, BinaryIO

from bihuan.confined.inside import confine, say
from bihuan.sheets.archive import check_archive, check_compound
from bihuan.sheets.limits import Limits
from bihuan.sheets.refusals import SheetRefused

SHEETS = ("survey", "choices", "settings")
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LONGEST_COMPLAINT = 400


def main() -> None:
    """Read the file on standard input as the argument requests."""
    limits = Limits(**json.loads(sys.argv[1])["limits"])
    confine(memory_bytes=limits.memory_bytes, seconds=limits.seconds)
    try:
        with open(0, "rb") as file:
            answer = read(file, limits)
    except MemoryError:
        # The waiting process interprets the exit code.
        os.abort()
    say(json.dumps(answer, ensure_ascii=False).encode())


def read(file: BinaryIO, limits: Limits) -> dict[str, Any]:
    """Return the rows of the form, or what is wrong with it."""
    try:
        kind = _checked(file, limits)
        file.seek(0)
        data = file.read()
    except SheetRefused as refused:
        return {"refused": refused.fault, "details": refused.details}
    if not kind:
        return {"not_a_form": ""}
    try:
        return _parsed(data, kind)
    except MemoryError:
        raise
    except RecursionError:
        return {"not_a_form": ""}
    except Exception as wrong:  # the libraries raise arbitrary exceptions
        return {"not_a_form": _complaint(wrong)}


def _checked(file: BinaryIO, limits: Limits) -> str:
    """Return the type of the file; refuse one that declares a wrong size."""
    head = file.read(len(ZIP))
    file.seek(0)
    if head == ZIP:
        check_archive(file, limits)
        return ".xlsx"
    if head == COMPOUND:
        check_compound(file)
        return ".xls"
    return ""


def _parsed(data: bytes, kind: str) -> dict[str, Any]:
    """Return the rows of the form as they are written, if `pyxform` accepts it."""
    formulas = _formulas(data) if kind == ".xlsx" else []
    try:
        return {**_judged(data, kind), "formulas": formulas}
    except Exception:
        if not formulas:
            raise
        # A formula that was never calculated is an empty cell, which is what it complains about.
        return {"form": {name: [] for name in SHEETS}, "others": [], "formulas": formulas}


def _judged(data: bytes, kind: str) -> dict[str, Any]:
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    definition = get_xlsform(xlsform=io.BytesIO(data), file_type=kind)
    rows = {name: [dict(row) for row in getattr(definition, name) or ()] for name in SHEETS}
    others = [name for name in ("external_choices", "entities", "osm") if getattr(definition, name)]
    # Its own `convert` writes a temporary file, which this process may not.
    create_survey_element_from_dict(workbook_to_json(workbook_dict=definition)).xml()
    return {"form": rows, "others": others}


def _formulas(data: bytes) -> list[str]:
    """Return the cells with formulas: what they say now is not what they say tomorrow."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True)
    found = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        if sheet.title.lower() in (*SHEETS, "external_choices", "entities")
        for row in sheet.iter_rows(max_row=5_000, max_col=200)
        for cell in row
        if getattr(cell, "data_type", "") == "f"
    ]
    return found[:20]


def _complaint(wrong: Exception) -> str:
    """Return what the library says, on one line and without addresses of this machine."""
    return re.sub(r"\s+", " ", str(wrong))[:LONGEST_COMPLAINT]


if __name__ == "__main__":
    main()
