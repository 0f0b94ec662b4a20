"""Legal and internal time limits, read from `statutes/`: data, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.refusal import Refusal

STATUTES = Path(__file__).parent / "statutes"


class Unit(StrEnum):
    """What a length counts. CAL-1: 日 is a calendar day, 工作日 only where the text says so."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    DATE = "date"  # no length: the day is set for each case

    @property
    def runs_through(self) -> bool:
        """CAL-6: minutes and hours run through nights and holidays."""
        return self in (Unit.MINUTES, Unit.HOURS)


class Party(StrEnum):
    """An office, or a member of the public."""

    STAFF = "staff"
    CITIZEN = "citizen"


class Confidence(StrEnum):
    """How reliably the text behind a rule is known."""

    READ = "S"
    SECOND_HAND = "S2"
    RECALLED = "R"
    PROJECT_DEFAULT = "D"


class Rollover(StrEnum):
    """Which last days move to the day after (CAL-3)."""

    HOLIDAYS = "holidays"
    REST_DAYS = "rest_days"


@dataclass(frozen=True)
class Bilingual:
    """A name in both languages."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Return the text in this language; in English if it is neither."""
        return {"zh": self.zh, "en": self.en}.get(code.partition("-")[0], self.en)


@dataclass(frozen=True)
class Extension:
    """How far a clock may be extended; None means no limit."""

    length: int | None = None
    times: int | None = None


@dataclass(frozen=True)
class Rule:
    """One version of one rule. `owed_by` must act; `audience` may rely on it (CAL-4)."""

    id: str
    version: str
    jurisdiction: str
    start_event: str
    unit: Unit
    name: Bilingual
    source: Bilingual
    confidence: Confidence
    audience: Party
    owed_by: Party = Party.STAFF
    length: int = 0
    extension: Extension | None = None
    suspendable: bool = False
    effective_from: date | None = None
    effective_to: date | None = None
    rolls_over: Rollover = Rollover.HOLIDAYS
    warn_at: tuple[Fraction, ...] = ()
    escalate_every: timedelta | None = None

    def __post_init__(self) -> None:
        """Validate early: an error in the data stops the program at its start, not in the
        middle of a case.
        """
        sound = (
            (self.length > 0) is not (self.unit is Unit.DATE),
            all(0 < fraction < 1 for fraction in self.warn_at),
            self.warn_at == tuple(sorted(set(self.warn_at))),
            self.escalate_every is None or self.owed_by is Party.STAFF,
            self.owed_by is Party.STAFF or self.audience is Party.CITIZEN,
        )
        if not all(sound):
            raise ValueError(f"{self.jurisdiction} {self.id} {self.version}: the rule is not sound")

    @property
    def is_public_right(self) -> bool:
        """Whether it may be shown to the public as a right: it is law, and its text was
        verified.
        """
        known = self.confidence in (Confidence.READ, Confidence.SECOND_HAND)
        return known and self.audience is Party.CITIZEN

    def in_force(self, on: date) -> bool:
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)


class UnknownRule(Refusal):
    """There is no rule with that id; `near` are ids that differ only by a letter at the end."""

    def __init__(self, rule_id: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(rule_id, near)
        self.rule_id, self.near = rule_id, near


class RuleNotInForce(Refusal):
    """The rule exists, but no version of it was in force on that day."""

    def __init__(self, rule_id: str, on: date) -> None:
        super().__init__(rule_id, on)
        self.rule_id, self.on = rule_id, on


def rule(rule_id: str, *, on: date, jurisdiction: str = "CN") -> Rule:
    """Return the version in force at the start event, from the nearest jurisdiction that has
    one.
    """
    return candidates(rule_id, on=on, jurisdiction=jurisdiction)[0]


def candidates(rule_id: str, *, on: date, jurisdiction: str = "CN") -> tuple[Rule, ...]:
    """Return every version in force that day, most local first; `deadlines.shortest` chooses."""
    levels = [versions for place in lineage(jurisdiction) if (versions := _in(place).get(rule_id))]
    if not levels:
        raise UnknownRule(rule_id, _near(rule_id, jurisdiction))
    found = tuple(each for versions in levels for each in versions if each.in_force(on))
    if not found:
        raise RuleNotInForce(rule_id, on)
    return _over_defaults(found)


def _over_defaults(found: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """A default of this project gives way to a rule of a place, however long that is."""
    if found[0].confidence is Confidence.PROJECT_DEFAULT:
        return found
    return tuple(each for each in found if each.confidence is not Confidence.PROJECT_DEFAULT)


def pinned(rule_id: str, version: str) -> Rule:
    """Return the exact version that a case pinned when its clock started."""
    for each in every_rule():
        if (each.id, each.version) == (rule_id, version):
            return each
    raise UnknownRule(f"{rule_id} {version}")


def lineage(jurisdiction: str) -> tuple[str, ...]:
    """Return the jurisdiction and those above it, nearest first: CN-SD, CN."""
    parts = jurisdiction.split("-")
    return tuple("-".join(parts[:n]) for n in range(len(parts), 0, -1))


def every_rule() -> tuple[Rule, ...]:
    return tuple(
        each for rules in _statutes().values() for versions in rules.values() for each in versions
    )


def _in(jurisdiction: str) -> dict[str, tuple[Rule, ...]]:
    return _statutes().get(jurisdiction, {})


def _near(rule_id: str, jurisdiction: str) -> tuple[str, ...]:
    known = {each for place in lineage(jurisdiction) for each in _in(place)}
    return tuple(sorted(each for each in known if each[:-1] == rule_id))


_roots = [STATUTES]


def register(root: Path) -> None:
    """Load the rules of a part as well: `root` has one folder for each jurisdiction.

    For `AppConfig.ready`.
    """
    if root not in _roots:
        _roots.append(root)
        _statutes.cache_clear()


@cache
def _statutes() -> dict[str, dict[str, tuple[Rule, ...]]]:
    folders: dict[str, list[Path]] = {}
    for root in _roots:
        for folder in sorted(each for each in root.iterdir() if each.is_dir()):
            folders.setdefault(folder.name.upper(), []).append(folder)
    return {name: read(*found) for name, found in sorted(folders.items())}


def read(*folders: Path) -> dict[str, tuple[Rule, ...]]:
    """Parse the rules of one jurisdiction, by id; the name of a pinned version must be unique."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        for each in _rules_of(path, path.parent.name.upper()):
            others = rules.get(each.id, ())
            if any(_clash(each, other) for other in others):
                raise ValueError(f"{path.name}: {each.id} {each.version} clashes with another")
            rules[each.id] = (*others, each)
    return rules


def _clash(one: Rule, other: Rule) -> bool:
    starts_before_end = (one.effective_from or date.min) <= (other.effective_to or date.max)
    ends_after_start = (other.effective_from or date.min) <= (one.effective_to or date.max)
    return one.version == other.version or (starts_before_end and ends_after_start)


def _rules_of(path: Path, jurisdiction: str) -> Iterator[Rule]:
    # Fractions, because ceil(0.7 * 10) must be 7 on every machine.
    content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Fraction)
    defaults = content.get("defaults", {})
    for table in content["rule"]:
        try:
            yield _rule({"jurisdiction": jurisdiction, **defaults, **table})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}: {table.get('id')}: {error}") from error


def _rule(table: dict[str, Any]) -> Rule:
    hours = table.pop("escalate_every_hours", 0)
    extension = table.pop("extension", None)
    plain = Rule(
        unit=Unit(table.pop("unit")),
        name=Bilingual(**table.pop("name")),
        source=Bilingual(**table.pop("source")),
        confidence=Confidence(table.pop("confidence")),
        audience=Party(table.pop("audience")),
        owed_by=Party(table.pop("owed_by", Party.STAFF)),
        rolls_over=Rollover(table.pop("rolls_over", Rollover.HOLIDAYS)),
        warn_at=tuple(table.pop("warn_at", ())),
        extension=None if extension is None else Extension(**extension),
        **table,
    )
    return replace(plain, escalate_every=timedelta(hours=hours) if hours else None)
