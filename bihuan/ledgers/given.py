"""An officer's answers on the pages of an import, as stored with the import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.ledgers.models import ImportJob
from bihuan.sheets.ledger.rows import Answer, Answers, Doubt


def key(row: int, number: str) -> str:
    """Return the key of an answer: the row of the file and the case that it may be."""
    return f"{row} {number}"


@dataclass(frozen=True)
class Given:
    """Answers to single questions and to all of one type; a single one takes precedence.

    `is_untried`: they were given or changed since the last trial run, which does not include them
    yet.
    """

    rows: Mapping[Doubt, Mapping[str, Answer]] = field(default_factory=dict)
    every: Mapping[Doubt, Answer] = field(default_factory=dict)
    is_untried: bool = False
    leave_rest: bool = False

    def of(self, sort: Doubt, row: int, number: str) -> Answer | None:
        """Return the answer to this question, individually or with its type."""
        return self.rows.get(sort, {}).get(key(row, number)) or self.every.get(sort)

    def open(self, doubts: Mapping[str, int]) -> dict[Doubt, int]:
        """Return how many questions of each type are unanswered."""
        return {
            sort: 0 if sort in self.every else doubts[sort] - len(self.rows.get(sort, {}))
            for sort in Doubt
            if doubts.get(sort)
        }

    def answers(self) -> Answers:
        by_case = {
            (int(row), number): answer
            for rows in self.rows.values()
            for answer_given, answer in rows.items()
            for row, _space, number in [answer_given.partition(" ")]
        }
        others = Answer.LEAVE if self.leave_rest else None
        return Answers(by_case=by_case, by_doubt=self.every, others=others)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": {sort: dict(rows) for sort, rows in self.rows.items() if rows},
            "every": dict(self.every),
            "is_untried": self.is_untried,
            "leave_rest": self.leave_rest,
        }


def from_json(stored: Mapping[str, Any]) -> Given:
    if not stored:
        return Given()
    rows = {
        Doubt(sort): {number: Answer(answer) for number, answer in of_sort.items()}
        for sort, of_sort in stored["rows"].items()
    }
    every = {Doubt(sort): Answer(answer) for sort, answer in stored["every"].items()}
    return Given(rows, every, stored["is_untried"], stored["leave_rest"])


def still_open(job: ImportJob) -> int:
    """Return how many questions of the last trial run are unanswered."""
    return sum(from_json(job.answers).open(job.result.get("doubts", {})).values())
