"""Compare the state of subjects in the journal's entries with the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bihuan.journal.diagnosis import FINDINGS, Break, Finding
from bihuan.journal.hooks import AT_ONCE, Parts, has_witness, states, witnesses
from bihuan.journal.models import STATE


class Comparison:
    """Compares the states in entries with the tables, a few thousand at a time."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        # Number of subjects compared, and of subjects without an entry that holds their state.
        self.compared = self.unsaid = 0
        self._waiting: list[tuple[str, int, str]] = []

    def add(self, subject: str, seq: int, detail: str) -> None:
        """Add the last entry that holds the subject's state; "" if there is none."""
        if not has_witness(subject):
            return
        self._waiting.append((subject, seq, detail))
        if len(self._waiting) >= AT_ONCE:
            self.finish()

    def finish(self) -> None:
        stands = states([subject for subject, _, _ in self._waiting])
        for subject, seq, detail in self._waiting:
            if not detail:
                self.unsaid += subject in stands
                continue
            self.compared += 1
            for part in _differing(json.loads(detail)[STATE], stands.get(subject, {})):
                if len(self.findings) < FINDINGS:
                    self.findings.append(Finding(Break.STATE, subject, seq, field=part))
        self._waiting.clear()


def _differing(said: Parts, there: Parts) -> Sequence[str]:
    if said and not there:
        return ["gone"]
    return sorted(part for part in {*said, *there} if said.get(part) != there.get(part))


def unwitnessed() -> Iterator[Finding]:
    """Report rows of subjects without a chain."""
    for prefix, witness in witnesses().items():
        for name in witness.unwitnessed():
            yield Finding(Break.UNTOLD, f"{prefix}/{name}")
