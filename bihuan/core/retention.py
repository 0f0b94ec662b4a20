"""How long the file of a case is kept, read from `retention_lists/`: data, not code.

A class is determined from how the case ended, each time it is needed. Years are counted in full,
from 1 January after the year in which the case ended.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.grievance import GRIEVANCE
from bihuan.core.hazard import HAZARD, Grade
from bihuan.core.lifecycle import Lifecycle
from bihuan.core.mediation import MEDIATION
from bihuan.core.rules import Bilingual, Confidence, lineage
from bihuan.core.suggestion import SUGGESTION

LISTS = Path(__file__).parent / "retention_lists"
KINDS: Mapping[str, Lifecycle] = {
    each.kind: each for each in (HAZARD, GRIEVANCE, SUGGESTION, MEDIATION)
}
LONGEST = 200
# The properties that a list can name: the grade of a hazard, and whether a leader handled it in
# person.
GRADE, LED = "grade", "led"
YES, NO = "yes", "no"


class NoList(ValueError):
    """The file is not a valid retention list; the argument gives the reason."""


@dataclass(frozen=True)
class Term:
    """A retention period: a number of full years, or permanent."""

    id: str
    name: Bilingual
    years: int | None
    # After this number of years the county archive takes the file over.
    hand_over_after: int | None = None

    def __post_init__(self) -> None:
        for count in (self.years, self.hand_over_after):
            if count is not None and not 0 < count <= LONGEST:
                raise ValueError(f"term {self.id}: {count} is no number of years (1 to {LONGEST})")
        if self.years is not None and (self.hand_over_after or 0) > self.years:
            raise ValueError(f"term {self.id}: it is handed over after it was destroyed")

    def is_over(self, ended: int, this: int) -> bool:
        """Whether what ended in that year need not be kept in this one."""
        return self.years is not None and this > ended + self.years

    def is_owed_to_archive(self, ended: int, this: int) -> bool:
        """Whether what ended in that year must be handed over in this one."""
        return self.hand_over_after is not None and this > ended + self.hand_over_after


@dataclass(frozen=True)
class Entry:
    """One entry of the list: which cases, and for how long."""

    id: str
    kind: str
    term: Term
    name: Bilingual
    source: Bilingual
    confidence: Confidence
    # Any of these; empty means any at all.
    stages: frozenset[str] = frozenset()
    # Of each of these properties, any of the values; a case without the property has "no".
    traits: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def fits(self, kind: str, stage: str, traits: Mapping[str, str]) -> bool:
        return (
            kind == self.kind
            and (not self.stages or stage in self.stages)
            and all(traits.get(name, NO) in values for name, values in self.traits.items())
        )

    @property
    def fits_all(self) -> bool:
        return not self.stages and not self.traits


@dataclass(frozen=True)
class Schedule:
    """The list of one jurisdiction, or of one office."""

    id: str
    version: str
    name: Bilingual
    source: Bilingual
    confidence: Confidence
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        ids = [each.id for each in self.entries]
        if len(ids) != len(set(ids)):
            raise ValueError("two entries have the same id")
        for kind in KINDS:
            last = next((each for each in reversed(self.entries) if each.kind == kind), None)
            if last is None or not last.fits_all:
                raise ValueError(f"{kind}: the last entry has to fit every case of this kind")

    def entry_for(self, kind: str, stage: str, traits: Mapping[str, str]) -> Entry:
        """Return the first entry that matches; every kind has an entry that always matches."""
        return next(each for each in self.entries if each.fits(kind, stage, traits))

    def before(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the earlier entries, whose cases do not belong to this one."""
        place = self.entries.index(entry)
        return tuple(each for each in self.entries[:place] if each.kind == entry.kind)

    def entry(self, name: str) -> Entry | None:
        return next((each for each in self.entries if each.id == name), None)


def named(jurisdiction: str, own: Path | None = None) -> Schedule:
    """Return the office's own list, or that of the nearest jurisdiction that has one."""
    if own is not None:
        return _read(own)
    paths = (LISTS / f"{place.lower()}.toml" for place in lineage(jurisdiction))
    return _read(next(path for path in paths if path.is_file()))


@cache
def _read(path: Path) -> Schedule:
    """Parse the list in this file; raise `NoList` if it is not valid."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return _schedule(table)
    except (OSError, UnicodeDecodeError) as error:
        raise NoList(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    except KeyError as error:
        raise NoList(f"{path}: {error.args[0]} is missing") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise NoList(f"{path}: {error}") from error


def _schedule(table: Mapping[str, Any]) -> Schedule:
    terms = {each["id"]: _term(each) for each in table["term"]}
    return Schedule(
        id=_text(table, "id"),
        version=_text(table, "version"),
        name=_bilingual(table, "name"),
        source=_bilingual(table, "source"),
        confidence=Confidence(table["confidence"]),
        entries=tuple(_entry(each, terms) for each in table["entry"]),
    )


def _term(table: Mapping[str, Any]) -> Term:
    _require_known(table, "id", "name", "years", "hand_over_after")
    for name in ("years", "hand_over_after"):
        if not isinstance(table.get(name, 1), int) or isinstance(table.get(name), bool):
            raise ValueError(f"term {table['id']}: {name} is no whole number")
    return Term(
        _text(table, "id"),
        _bilingual(table, "name"),
        table.get("years"),
        table.get("hand_over_after"),
    )


def _entry(table: Mapping[str, Any], terms: Mapping[str, Term]) -> Entry:
    known = ("id", "kind", "term", "name", "source", "confidence", "stages", "grades", "led")
    _require_known(table, *known)
    if table["kind"] not in KINDS:
        raise ValueError(f"entry {table['id']}: kind is one of {', '.join(KINDS)}")
    if table["term"] not in terms:
        raise ValueError(f"entry {table['id']}: there is no term {table['term']}")
    _require_among(table, "stages", KINDS[table["kind"]].ended)
    _require_among(table, "grades", list(Grade))
    if table.get("led") not in (None, True, False):
        raise ValueError(f"entry {table['id']}: led is true or false")
    return Entry(
        id=_text(table, "id"),
        kind=table["kind"],
        term=terms[table["term"]],
        name=_bilingual(table, "name"),
        source=_bilingual(table, "source"),
        confidence=Confidence(table["confidence"]),
        stages=frozenset(table.get("stages", ())),
        traits=_traits(table),
    )


def _traits(table: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    found = {}
    if table.get("grades"):
        found[GRADE] = frozenset(table["grades"])
    if table.get("led") is not None:
        found[LED] = frozenset({YES if table["led"] else NO})
    return found


def _require_known(table: Mapping[str, Any], *names: str) -> None:
    """A misspelt name would otherwise drop a condition silently."""
    for name in table:
        if name not in names:
            raise ValueError(f"{table.get('id', '')}: {name} is not understood")


def _require_among(table: Mapping[str, Any], name: str, known: Collection[str]) -> None:
    for word in table.get(name, ()):
        if word not in known:
            among = ", ".join(sorted(known))
            raise ValueError(f"entry {table['id']}: {name}: {word} is none of {among}")


def _text(table: Mapping[str, Any], name: str) -> str:
    text = table[name]
    if not isinstance(text, str) or not 0 < len(text) <= 40:
        raise ValueError(f"{name} is a text of 1 to 40 characters")
    return text


def _bilingual(table: Mapping[str, Any], name: str) -> Bilingual:
    given = table[name]
    if set(given) != {"zh", "en"}:
        raise ValueError(f"{name} is given in zh and en")
    return Bilingual(**given)
