"""Read an XLSForm in a confined process, and return it as a checklist."""

from __future__ import annotations

import json
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Any

from bihuan.checklists.refusals import NotAForm
from bihuan.confined import outside
from bihuan.confined.outside import Ended
from bihuan.core import checklist_xlsform
from bihuan.core.checklist_xlsform import Form, Reading
from bihuan.sheets.limits import MEBIBYTE, Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused

CHILD = "bihuan.checklists.child"
LIMITS = Limits(
    file_bytes=4 * MEBIBYTE,
    inflated_bytes=64 * MEBIBYTE,
    entries=500,
    seconds=20,
    waited=90,
    memory_bytes=768 * MEBIBYTE,
)
LONGEST = 16 * MEBIBYTE
ENDED = {
    Ended.TOO_SLOW: SheetFault.TOO_SLOW,
    Ended.TOO_MUCH_MEMORY: SheetFault.TOO_MUCH_MEMORY,
    Ended.NO_ROOM: SheetFault.TOO_MUCH_MEMORY,
    Ended.BROKEN: SheetFault.DAMAGED,
}


def read(data: bytes, limits: Limits = LIMITS) -> Reading:
    """Read the file; raise `SheetRefused` or `NotAForm` if that fails."""
    if not data:
        raise SheetRefused(SheetFault.EMPTY)
    if len(data) > limits.file_bytes:
        raise SheetRefused(SheetFault.FILE_TOO_LARGE, mebibytes=limits.file_bytes // MEBIBYTE)
    return understood(_answer(data, limits))


def understood(answer: dict[str, Any]) -> Reading:
    """Return what the process answered as a checklist."""
    if "refused" in answer:
        raise SheetRefused(SheetFault(answer["refused"]), **answer["details"])
    if "not_a_form" in answer:
        raise NotAForm(answer["not_a_form"])
    rows = answer["form"]
    settings = rows["settings"][0] if rows["settings"] else {}
    others, formulas = tuple(answer["others"]), tuple(answer["formulas"])
    form = Form(rows["survey"], rows["choices"], settings, others, formulas)
    return checklist_xlsform.read(form)


def _answer(data: bytes, limits: Limits) -> dict[str, Any]:
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        child = outside.start(CHILD, {"limits": asdict(limits)}, file)
        try:
            answer = outside.answer(child, most=LONGEST, waited=limits.waited)
            if answer is None:
                raise SheetRefused(SheetFault.TOO_SLOW, seconds=limits.seconds)
            if not answer:
                raise _why(child.wait(), limits)
            return dict(json.loads(answer))
        finally:
            outside.end(child)


def _why(status: int, limits: Limits) -> SheetRefused:
    fault = ENDED[outside.why(status)]
    if fault is SheetFault.TOO_SLOW:
        return SheetRefused(fault, seconds=limits.seconds)
    if fault is SheetFault.TOO_MUCH_MEMORY:
        return SheetRefused(fault, mebibytes=limits.memory_bytes // MEBIBYTE)
    return SheetRefused(fault)
