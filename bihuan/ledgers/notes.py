"""What is said of rows that come in, in words: of each by itself, and of all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.ledgers.reading import Note, NoteKind
from bihuan.ledgers.vocabulary import HAZARD

_NOTES: dict[NoteKind, str | Promise] = {
    NoteKind.IN_REMARK: gettext_lazy("kept in the remark: “%(shown)s”"),
    NoteKind.NOT_KEPT: gettext_lazy(
        "not kept: “%(shown)s”; the case is here, and only a remark in the row changes its remark"
    ),
    NoteKind.PHONE_LEFT_OUT: gettext_lazy("the telephone number was left out"),
    NoteKind.AT_ONCE: gettext_lazy("“%(shown)s”: due on the day it was found"),
    NoteKind.YEAR_ADDED: gettext_lazy("“%(shown)s” names no year: read as %(meant)s"),
    NoteKind.SEVERAL: gettext_lazy(
        "the cell lists %(shown)s hazards; they come in as one case, unless they are split"
    ),
    NoteKind.HIDDEN: gettext_lazy("the row is hidden in the sheet; it was read"),
    NoteKind.STRUCK: gettext_lazy("“%(shown)s” is struck through; it was read"),
    NoteKind.CELL_NOTE: gettext_lazy("a note on the cell is kept in the remark: “%(shown)s”"),
    NoteKind.REFUSED_NOTE: gettext_lazy(
        "a note on the cell, which the refused rows do not have: “%(shown)s”"
    ),
    NoteKind.PARTED: gettext_lazy("the cell lists %(shown)s hazards: a case for each"),
    NoteKind.MASKED: gettext_lazy("names or numbers of a person were replaced by ×××"),
}


_NOTES_OF_REGISTERS: dict[NoteKind, str | Promise] = {
    **_NOTES,
    NoteKind.AT_ONCE: gettext_lazy("“%(shown)s”: due on the day it was received"),
}


def note(said: Note, kind: str) -> str:
    """What is said of a row that comes in, for whoever brought a ledger of this kind."""
    notes = _NOTES if kind == HAZARD.kind else _NOTES_OF_REGISTERS
    return str(notes[said.kind]) % {"shown": said.shown, "meant": said.meant}


def said_of(result: Mapping[str, Any], unit: str) -> list[str]:
    """What is said of all the rows of a file together, from its result."""
    noted = result.get("noted", {})
    is_register = result.get("kind", HAZARD.kind) != HAZARD.kind
    counted = _COUNTED | _COUNTED_IN_REGISTERS if is_register else _COUNTED
    sentences = [
        str(sentence(count)) % {"n": count, "unit": unit}
        for kind, sentence in counted.items()
        if (count := noted.get(kind, 0))
    ]
    for key, sentence in _LISTED.items():
        if result.get(key):
            listed = _("; ").join(map(str, result[key]))
            cut = key == "passed" and result["passed_over"] > len(result[key])
            sentences.append(str(sentence) % (f"{listed} …" if cut else listed))
    return sentences


# What is listed by row or column.
_LISTED = {
    "hidden_columns": gettext_lazy("hidden columns that were read: %s"),
    "passed": gettext_lazy("rows passed over as headings, totals or remarks: %s"),
}


_COUNTED: dict[NoteKind, Callable[[int], str]] = {
    NoteKind.NO_UNIT: lambda n: ngettext(
        "%(n)s row names no responsible unit: it belongs to the unit that found it, which is "
        "%(unit)s unless the row names another.",
        "%(n)s rows name no responsible unit: they belong to the unit that found them, which is "
        "%(unit)s unless the row names another.",
        n,
    ),
    NoteKind.IN_DAYS: lambda n: ngettext(
        "In %(n)s row the deadline counts days: it is the day found and so many days.",
        "In %(n)s rows the deadline counts days: it is the day found and so many days.",
        n,
    ),
    NoteKind.AT_ONCE: lambda n: ngettext(
        "%(n)s row is to be fixed at once: it is due on the day it was found.",
        "%(n)s rows are to be fixed at once: they are due on the day they were found.",
        n,
    ),
    NoteKind.YEAR_ADDED: lambda n: ngettext(
        "%(n)s day of finding names no year; the nearest one was taken.",
        "%(n)s days of finding name no year; the nearest ones were taken.",
        n,
    ),
    NoteKind.IN_REMARK: lambda n: ngettext(
        "What %(n)s cell says beside its value is kept in the remark.",
        "What %(n)s cells say beside their value is kept in the remark.",
        n,
    ),
    NoteKind.NOT_KEPT: lambda n: ngettext(
        "What %(n)s cell says beside its value was not kept: the case is here, and only a remark "
        "in the row changes its remark.",
        "What %(n)s cells say beside their value was not kept: the case is here, and only a "
        "remark in the row changes its remark.",
        n,
    ),
    NoteKind.PHONE_LEFT_OUT: lambda n: ngettext(
        "In %(n)s cell a telephone number stood beside an officer's name; it was left out.",
        "In %(n)s cells a telephone number stood beside an officer's name; it was left out.",
        n,
    ),
    NoteKind.MASKED: lambda n: ngettext(
        "%(n)s cell named a person, or held a telephone or identity-card number; ××× stands in "
        "its place now.",
        "%(n)s cells named a person, or held a telephone or identity-card number; ××× stands in "
        "their place now.",
        n,
    ),
    NoteKind.SEVERAL: lambda n: ngettext(
        "In %(n)s row a cell lists several hazards; it comes in as one case, unless it is split.",
        "In %(n)s rows a cell lists several hazards; each comes in as one case, unless it is "
        "split.",
        n,
    ),
    NoteKind.HIDDEN: lambda n: ngettext(
        "%(n)s hidden row was read.", "%(n)s hidden rows were read.", n
    ),
    NoteKind.CELL_NOTE: lambda n: ngettext(
        "%(n)s note on a cell is kept in the remark.",
        "%(n)s notes on cells are kept in the remark.",
        n,
    ),
    NoteKind.STRUCK: lambda n: ngettext(
        "%(n)s cell is struck through; it was read.",
        "%(n)s cells are struck through; they were read.",
        n,
    ),
    NoteKind.PARTED: lambda n: ngettext(
        "In %(n)s row a cell lists several hazards: each of them is a case.",
        "In %(n)s rows a cell lists several hazards: each of them is a case.",
        n,
    ),
}

# What hazards are found and fixed for, other matters are received and handled for.
_COUNTED_IN_REGISTERS: dict[NoteKind, Callable[[int], str]] = {
    NoteKind.NO_UNIT: lambda n: ngettext(
        "%(n)s row names no unit in charge: it belongs to the unit that received it, which is "
        "%(unit)s unless the row names another.",
        "%(n)s rows name no unit in charge: they belong to the unit that received them, which is "
        "%(unit)s unless the row names another.",
        n,
    ),
    NoteKind.IN_DAYS: lambda n: ngettext(
        "In %(n)s row the deadline counts days: it is the day of receipt and so many days.",
        "In %(n)s rows the deadline counts days: it is the day of receipt and so many days.",
        n,
    ),
    NoteKind.AT_ONCE: lambda n: ngettext(
        "%(n)s row is to be handled at once: it is due on the day it was received.",
        "%(n)s rows are to be handled at once: they are due on the day they were received.",
        n,
    ),
    NoteKind.YEAR_ADDED: lambda n: ngettext(
        "%(n)s day of receipt names no year; the nearest one was taken.",
        "%(n)s days of receipt name no year; the nearest ones were taken.",
        n,
    ),
}
