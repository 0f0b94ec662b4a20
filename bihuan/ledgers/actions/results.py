"""The result of an import, and its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bihuan.ledgers.actions.findings import Findings
from bihuan.ledgers.said import Place, Said
from bihuan.sheets.ledger.reading import Fault, Note
from bihuan.sheets.ledger.rows import RowOutcome

UNKNOWN = 50
# The number of cells whose reading is shown: units by short names, units with officers.
READINGS = 50
# The number of different words that are counted: a free-text column has one in each row.
MOST_UNKNOWN = 5_000


@dataclass(frozen=True)
class Words:
    """How refusals and notes are worded for a kind of ledger: by the caller, who knows the
    languages of the readers.

    `at` puts a cell or column before a sentence.
    """

    explain: Callable[[Fault, str], Said]
    note: Callable[[Note, str], Said]
    at: Callable[[str, Said], Said]
    reason_title: Said


@dataclass
class Result:
    """The result for a file. `errors` are the first refused rows: row, column, reason.

    `notes` are the first notes on imported rows, in the same form; `noted` counts them all.
    """

    kind: str
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    seconds: float = 0.0
    errors: list[Place] = field(default_factory=list)
    # The field of each of them.
    error_fields: list[str] = field(default_factory=list)
    # The first rows that wait for an answer, in the same form.
    asks: list[Place] = field(default_factory=list)
    noted: Counter[str] = field(default_factory=Counter)
    notes: list[Place] = field(default_factory=list)
    # Lines that are not records: how many, and the first of them.
    passed_over: int = 0
    passed: list[int] = field(default_factory=list)
    # Unknown words in a column with known words, by field, with their counts.
    unknown: dict[str, Counter[str]] = field(default_factory=dict)
    # Which rows were read as headers, and the field of each column: see `Placed.said`.
    titles: dict[str, Any] = field(default_factory=dict)
    # Which sheet was read and which were not: see `sheet_facts`.
    sheet: dict[str, Any] = field(default_factory=dict)
    hidden_columns: list[str] = field(default_factory=list)
    # How cells were read that are not written in full, by column.
    readings: dict[str, dict[str, str]] = field(default_factory=dict)
    # The columns that are not read and not empty: see `Unread`.
    unread: list[dict[str, Any]] = field(default_factory=list)
    without_place_on_map: int = 0
    kept: bool = True
    # What rows change of existing cases, and the questions.
    found: Findings = field(default_factory=Findings)

    def count_unknown(self, name: str, word: str) -> None:
        """Count an unknown word in the field's column."""
        words = self.unknown.setdefault(name, Counter())
        if word in words or len(words) < MOST_UNKNOWN:
            words[word] += 1

    def keep_reading(self, note: Note) -> None:
        """Keep how the words of a cell were read, once for all rows."""
        readings = self.readings.setdefault(note.field, {})
        if len(readings) < READINGS:
            readings[note.shown] = note.meaning

    @property
    def left_out(self) -> list[str]:
        """Return the headers of columns about members of the public."""
        return list(self.titles["left_out"])

    @property
    def not_read(self) -> list[str]:
        return [each["title"] for each in self.unread if not each["is_serial"]]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "rows": self.rows,
            **{outcome.value: self.counts[outcome] for outcome in RowOutcome},
            "refused": self.refused,
            "seconds": round(self.seconds, 2),
            "errors": self.errors,
            "error_fields": self.error_fields,
            "asks": self.asks,
            "noted": dict(self.noted),
            "notes": self.notes,
            "passed_over": self.passed_over,
            "passed": self.passed,
            "hidden_columns": self.hidden_columns,
            **self.sheet,
            "unknown": {
                name: dict(words.most_common(UNKNOWN)) for name, words in self.unknown.items()
            },
            **self.titles,
            "not_read": self.not_read,
            "unread": self.unread,
            "readings": self.readings,
            "without_place_on_map": self.without_place_on_map,
            "kept": self.kept,
            "changed": self.found.changed,
            "emptied": self.found.emptied,
            "ended": self.found.ended,
            "linked": self.found.linked,
            "created_rows": self.found.created,
            "asked": self.found.asked,
            "doubts": dict(self.found.doubts),
            "left": self.found.left,
        }
