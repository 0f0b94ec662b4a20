"""The state of a subject in the tables after an act, as the act's entry holds it.

An entry records what was done; the tables hold the current state. So that a change made outside the
journal is detected, each entry holds a digest of every part of the subject's rows when it is
written. The app that owns the subjects registers a witness, which reads the tables.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from django.utils.functional import Promise

from bihuan.journal.diagnosis import FINDINGS, Break, Finding
from bihuan.journal.models import STATE

# The digest of each part of a subject, by the part's name; a part without rows has none.
Parts = Mapping[str, str]

# The marker in a detail that holds them; inside a text it would be escaped.
MARK = f'"{STATE}":'
DIGEST_BYTES = 12
# Number of subjects compared at a time.
AT_ONCE = 2000


class Witness(ABC):
    """Reads the state of the subjects with one prefix, and finds those without a chain."""

    @abstractmethod
    def stands(self, names: Collection[str]) -> Mapping[str, Parts]:
        """Return the parts of each subject that exists, by its name without the prefix."""

    @abstractmethod
    def words(self, part: str) -> Promise | str:
        """Return the display name of the part."""

    @abstractmethod
    def unwitnessed(self) -> Iterable[str]:
        """Return the names of subjects without a chain."""


_witnesses: dict[str, Witness] = {}


def register(prefix: str, witness: Witness) -> None:
    """Have entries of "prefix/…" hold the subject's state. For `AppConfig.ready`."""
    _witnesses[prefix] = witness


def prefixes() -> tuple[str, ...]:
    return tuple(_witnesses)


def digest(lines: Iterable[str]) -> str:
    """Digest the rows of one part, each as one line, in any order."""
    text = "\n".join(sorted(lines))
    return urlsafe_b64encode(sha256(text.encode()).digest()[:DIGEST_BYTES]).decode()


def of(subjects: Collection[str]) -> dict[str, Parts]:
    """Return the state of these subjects; those without a witness, or missing, are left out."""
    named: dict[str, list[str]] = {}
    for subject in subjects:
        prefix, _, name = subject.partition("/")
        if prefix in _witnesses:
            named.setdefault(prefix, []).append(name)
    return {
        f"{prefix}/{name}": parts
        for prefix, names in named.items()
        for name, parts in _witnesses[prefix].stands(names).items()
    }


def words(subject: str, part: str) -> Promise | str:
    """Return the display name of that part of the subject."""
    witness = _witnesses.get(subject.partition("/")[0])
    return witness.words(part) if witness else part


def has_witness(subject: str) -> bool:
    return subject.partition("/")[0] in _witnesses


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
        stands = of([subject for subject, _, _ in self._waiting])
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
    for prefix, witness in _witnesses.items():
        for name in witness.unwitnessed():
            yield Finding(Break.UNTOLD, f"{prefix}/{name}")
