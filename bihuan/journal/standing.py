"""What the tables say of a subject after an act, as the act's entry holds it.

An entry says what was done; the tables say how things stand. So that a change beside the journal
shows, each entry holds a digest of every part of what stands in the tables when it is written.
The apps whose subjects they are register a witness, who reads the tables.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from django.utils.functional import Promise

from bihuan.journal.diagnosis import FINDINGS, Break, Finding
from bihuan.journal.models import STATE

# The digest of each part of a subject, by the name of the part; a part without rows has none.
Parts = Mapping[str, str]

# How a detail says that it holds them; in a text it would be escaped.
MARK = f'"{STATE}":'
DIGEST_BYTES = 12
# So many subjects are compared at a time.
AT_ONCE = 2000


class Witness:
    """Reads how the subjects with one prefix stand, and finds those that have no chain."""

    def stands(self, names: Collection[str]) -> Mapping[str, Parts]:
        """The parts of each of these that is there, by its name without the prefix."""
        raise NotImplementedError

    def words(self, part: str) -> Promise | str:
        """What the part is called."""
        raise NotImplementedError

    def unwitnessed(self) -> Iterable[str]:
        """The names of those that no chain tells of."""
        raise NotImplementedError


_witnesses: dict[str, Witness] = {}


def register(prefix: str, witness: Witness) -> None:
    """Have entries of "prefix/…" hold how it stands. For `AppConfig.ready`."""
    _witnesses[prefix] = witness


def prefixes() -> tuple[str, ...]:
    return tuple(_witnesses)


def digest(lines: Iterable[str]) -> str:
    """Of the rows of one part, each as one line, in whatever order they were read."""
    text = "\n".join(sorted(lines))
    return urlsafe_b64encode(sha256(text.encode()).digest()[:DIGEST_BYTES]).decode()


def of(subjects: Collection[str]) -> dict[str, Parts]:
    """How these subjects stand; those without a witness, or that are not there, are left out."""
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
    """What the part of that subject is called."""
    witness = _witnesses.get(subject.partition("/")[0])
    return witness.words(part) if witness else part


def has_witness(subject: str) -> bool:
    return subject.partition("/")[0] in _witnesses


class Comparison:
    """Holds what entries say of their subjects against the tables, some thousand at a time."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        # How many subjects were compared, and how many have no entry that says how they stand.
        self.compared = self.unsaid = 0
        self._waiting: list[tuple[str, int, str]] = []

    def add(self, subject: str, seq: int, detail: str) -> None:
        """The last entry of the subject that says how it stands; "" where there is none."""
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
    """What stands in the tables without a chain."""
    for prefix, witness in _witnesses.items():
        for name in witness.unwitnessed():
            yield Finding(Break.UNTOLD, f"{prefix}/{name}")
