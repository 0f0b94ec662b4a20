"""Texts of the notes on imported rows: individually, and summarised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from bihuan import formats
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.reading import Note, NoteKind

# The texts for every ledger, unless its type has its own.
_NOTES: dict[NoteKind, str | Promise] = {
    NoteKind.IN_REMARK: gettext_lazy("added to the remark: “%(shown)s”"),
    NoteKind.NOT_KEPT: gettext_lazy(
        "not kept: “%(shown)s”; for an existing case, only a remark column changes the remark"
    ),
    NoteKind.PHONE_LEFT_OUT: gettext_lazy("the telephone number was left out"),
    NoteKind.AT_ONCE: gettext_lazy("“%(shown)s”: due on the day of receipt"),
    NoteKind.YEAR_ADDED: gettext_lazy("“%(shown)s” has no year: read as %(meant)s"),
    NoteKind.HIDDEN: gettext_lazy("the row is hidden in the sheet; it was read"),
    NoteKind.STRUCK: gettext_lazy("“%(shown)s” has strikethrough; it was read"),
    NoteKind.CELL_NOTE: gettext_lazy("a cell comment was added to the remark: “%(shown)s”"),
    NoteKind.REFUSED_NOTE: gettext_lazy(
        "a cell comment, which the refused rows do not have: “%(shown)s”"
    ),
    NoteKind.MASKED: gettext_lazy("names or numbers of a person were replaced by ×××"),
}


def note(said: Note, kind: str) -> str:
    """Return a note on an imported row, for the person who uploaded a ledger of this type."""
    notes = {**_NOTES, **types.of(kind).words.notes}
    return str(notes[said.kind]) % {"shown": said.shown, "meant": said.meaning}


def said_of(result: Mapping[str, Any], unit: str) -> list[str]:
    """Return the notes on all rows of a file together, from its result."""
    noted = result.get("noted", {})
    ledger = types.find(result.get("kind", "")) or types.first()
    counted = {**_COUNTED, **ledger.words.counted}
    sentences = [
        str(counted[kind](count)) % {"n": count, "unit": unit}
        for kind in _ORDER
        if kind in counted and (count := noted.get(kind, 0))
    ]
    for key, sentence in _LISTED.items():
        if result.get(key):
            listed = formats.clauses(map(str, result[key]))
            cut = key == "passed" and result["passed_over"] > len(result[key])
            sentences.append(str(sentence) % (f"{listed} …" if cut else listed))
    return sentences


# Notes that are listed by row or column.
_LISTED = {
    "hidden_columns": gettext_lazy("hidden columns that were read: %s"),
    "passed": gettext_lazy("rows skipped as headings, totals or remarks: %s"),
}


_ORDER = (
    NoteKind.NO_UNIT, NoteKind.NO_POST, NoteKind.IN_DAYS, NoteKind.AT_ONCE, NoteKind.YEAR_ADDED,
    NoteKind.IN_REMARK, NoteKind.NOT_KEPT, NoteKind.PHONE_LEFT_OUT, NoteKind.MASKED,
    NoteKind.SEVERAL, NoteKind.HIDDEN, NoteKind.CELL_NOTE, NoteKind.STRUCK, NoteKind.PARTED,
)  # fmt: skip
_COUNTED: dict[NoteKind, Callable[[int], str]] = {
    NoteKind.NO_UNIT: lambda n: ngettext(
        "%(n)s row has no handling unit: it belongs to the unit that received it, or to %(unit)s "
        "if none is named.",
        "%(n)s rows have no handling unit: they belong to the unit that received them, or to "
        "%(unit)s if none is named.",
        n,
    ),
    NoteKind.NO_POST: lambda n: ngettext(
        "%(n)s row is under way without a post: it names no officer who holds one. If it is new, "
        "the coordinator finds it on Today, to assign it.",
        "%(n)s rows are under way without a post: they name no officer who holds one. Those that "
        "are new are on the coordinator's Today, to be assigned.",
        n,
    ),
    NoteKind.IN_DAYS: lambda n: ngettext(
        "In %(n)s row the deadline is a number of days, added to the date of receipt.",
        "In %(n)s rows the deadline is a number of days, added to the date of receipt.",
        n,
    ),
    NoteKind.AT_ONCE: lambda n: ngettext(
        "%(n)s row must be handled at once: it is due on the day of receipt.",
        "%(n)s rows must be handled at once: they are due on the day of receipt.",
        n,
    ),
    NoteKind.YEAR_ADDED: lambda n: ngettext(
        "%(n)s date of receipt has no year; the nearest year was used.",
        "%(n)s dates of receipt have no year; the nearest years were used.",
        n,
    ),
    NoteKind.IN_REMARK: lambda n: ngettext(
        "The extra text in %(n)s cell was added to the remark.",
        "The extra text in %(n)s cells was added to the remark.",
        n,
    ),
    NoteKind.NOT_KEPT: lambda n: ngettext(
        "The extra text in %(n)s cell was not kept: for an existing case, only a remark column "
        "changes the remark.",
        "The extra text in %(n)s cells was not kept: for an existing case, only a remark column "
        "changes the remark.",
        n,
    ),
    NoteKind.PHONE_LEFT_OUT: lambda n: ngettext(
        "%(n)s cell had a telephone number next to an officer's name; it was left out.",
        "%(n)s cells had a telephone number next to an officer's name; it was left out.",
        n,
    ),
    NoteKind.MASKED: lambda n: ngettext(
        "%(n)s cell contained a person's name, telephone or identity card number, now shown as "
        "×××.",
        "%(n)s cells contained a person's name, telephone or identity card number, now shown as "
        "×××.",
        n,
    ),
    NoteKind.HIDDEN: lambda n: ngettext(
        "%(n)s hidden row was read.", "%(n)s hidden rows were read.", n
    ),
    NoteKind.CELL_NOTE: lambda n: ngettext(
        "%(n)s cell comment was added to the remark.",
        "%(n)s cell comments were added to the remark.",
        n,
    ),
    NoteKind.STRUCK: lambda n: ngettext(
        "%(n)s cell has strikethrough; it was read.",
        "%(n)s cells have strikethrough; they were read.",
        n,
    ),
}
