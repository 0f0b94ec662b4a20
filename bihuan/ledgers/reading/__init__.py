"""What the rows of an office's table say, or why they cannot be read."""

from bihuan.ledgers.reading.faults import (
    Fault,
    LongTerm,
    NoDate,
    NoReceipt,
    NotFixedYetVerified,
    RowRefused,
    SeveralDays,
    StruckThrough,
    UnknownWord,
)
from bihuan.ledgers.reading.notes import Note, NoteKind
from bihuan.ledgers.reading.row import Read, RowReader

__all__ = [
    "Fault",
    "LongTerm",
    "NoDate",
    "NoReceipt",
    "NotFixedYetVerified",
    "Note",
    "NoteKind",
    "Read",
    "RowReader",
    "RowRefused",
    "SeveralDays",
    "StruckThrough",
    "UnknownWord",
]
