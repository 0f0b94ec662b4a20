"""Parse the rows of an office's table, or explain why they cannot be read."""

from bihuan.sheets.ledger.reading.faults import (
    Fault,
    LongTerm,
    NoDate,
    RowRefused,
    SeveralDays,
    StruckThrough,
    UnknownWord,
)
from bihuan.sheets.ledger.reading.notes import Note, NoteKind

__all__ = [
    "Fault",
    "LongTerm",
    "NoDate",
    "Note",
    "NoteKind",
    "RowRefused",
    "SeveralDays",
    "StruckThrough",
    "UnknownWord",
]
