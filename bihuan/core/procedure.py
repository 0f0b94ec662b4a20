"""How a jurisdiction deals with grievances, read from `procedures/`: data, not code.

The lifecycle defines the order of the steps; the procedure defines the rule of each clock, the
pathway of each class of grievance, and the number of reviews.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bihuan.core.grievance import ClockPurpose, Service
from bihuan.core.lifecycle import Transition
from bihuan.core.refusal import Refusal
from bihuan.core.rules import Bilingual, Rule

PROCEDURES = Path(__file__).parent / "procedures"


class Sort(StrEnum):
    """PET-1 to PET-3: what is classified first, because it determines the pathway."""

    SUGGESTION = "suggestion"
    ACCUSATION = "accusation"
    REQUEST = "request"


@dataclass(frozen=True)
class Pathway:
    """The pathway of a class of grievance.

    `answered` by this office with a written opinion; else the reporter receives `advice`: the
    route, the body and the remedy.
    """

    id: str
    sort: Sort
    name: Bilingual
    advice: Bilingual
    # For the officer who classifies: what the law says of it, and a case of it.
    law: Bilingual
    example: Bilingual
    source: str
    answered: bool = False
    reviewable: bool = False
    confidential: bool = False
    may_be_simple: bool = False
    conclude: tuple[str, ...] = ()


class Clocks(NamedTuple):
    """The rules whose clocks a move starts and stops."""

    starts: tuple[str, ...]
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Procedure:
    """Everything that is specific to one jurisdiction."""

    id: str
    jurisdiction: str
    name: Bilingual
    reviews: int
    reviewer: Bilingual
    final: Bilingual
    opinion: tuple[str, ...]
    service: tuple[Service, ...]
    remedies: tuple[str, ...]
    slots: Mapping[ClockPurpose, tuple[str, ...]]
    simple: Mapping[ClockPurpose, tuple[str, ...]]
    steps: Mapping[str, Bilingual]
    ways: Mapping[str, Pathway]

    def rules(
        self, slot: str, way: Pathway | None = None, *, simple: bool = False
    ) -> tuple[str, ...]:
        """Return the ids of the rules for this clock purpose on this pathway; empty if it has
        none.
        """
        if slot == ClockPurpose.CONCLUDE and way is not None and way.conclude:
            return way.conclude
        if slot in (ClockPurpose.ASK_REVIEW, ClockPurpose.ASK_REREVIEW) and not (
            way and way.reviewable
        ):
            return ()
        if simple and slot in self.simple:
            return self.simple[ClockPurpose(slot)]
        return self.slots.get(ClockPurpose(slot), ())

    def every_rule(self, slot: str) -> tuple[str, ...]:
        """Return all rules that the clock purpose may have, whichever of them runs."""
        name = ClockPurpose(slot)
        found = [*self.slots.get(name, ()), *self.simple.get(name, ())]
        if name is ClockPurpose.CONCLUDE:
            found += [rule for way in self.ways.values() for rule in way.conclude]
        return tuple(dict.fromkeys(found))

    def clocks_of(
        self, row: Transition, way: Pathway | None = None, *, simple: bool = False
    ) -> Clocks:
        """Return the rules of the clocks that a move of the lifecycle starts and stops."""
        return Clocks(
            starts=tuple(
                rule for slot in row.starts_for for rule in self.rules(slot, way, simple=simple)
            ),
            stops=tuple(rule for slot in row.stops_for for rule in self.every_rule(slot)),
        )

    def way(self, name: str) -> Pathway:
        if name not in self.ways:
            raise UnknownWay(name)
        return self.ways[name]

    @property
    def confidential_way(self) -> Pathway:
        """Return the pathway for cases that must be kept confidential from those complained of."""
        return next(way for way in self.ways.values() if way.confidential)

    def reviews_left(self, done: int) -> bool:
        """Whether another review is possible after this number of reviews."""
        return done < self.reviews


class SimpleExclusion(StrEnum):
    """PET-17: what excludes a grievance from the simple procedure."""

    NOT_FIRST = "not_first"
    FROM_ABOVE = "from_above"
    LIKELY_REFUSED = "likely_refused"
    COMPLEX = "complex"
    OTHER_ROUTE = "other_route"


class NotSimple(Refusal):
    """The simple procedure is not available for this grievance."""

    def __init__(self, exclusion: SimpleExclusion) -> None:
        super().__init__(exclusion)
        self.exclusion = exclusion


def require_simple(way: Pathway, exclusions: frozenset[SimpleExclusion]) -> None:
    """PET-16, PET-17: allow only small first-time matters of the last route."""
    if not way.may_be_simple:
        raise NotSimple(SimpleExclusion.OTHER_ROUTE)
    for exclusion in sorted(exclusions):
        raise NotSimple(exclusion)


class UnknownProcedure(Refusal):
    """The release contains no procedure with that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnknownWay(Refusal):
    """The procedure has no pathway with that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotAnsweredHere(Refusal):
    """An accepted grievance can only change to a pathway on which this office answers."""


def start_of(rule: Rule, *, received_at: datetime, now: datetime) -> datetime:
    """Return when the clock starts: some run from the receipt, whenever the office processes it."""
    return received_at if rule.start_event == "received" else now


@cache
def named(name: str) -> Procedure:
    path = PROCEDURES / f"{name.lower()}.toml"
    if not path.is_file():
        raise UnknownProcedure(name)
    return _read(tomllib.loads(path.read_text(encoding="utf-8")))


def names() -> list[str]:
    """Return the names of the procedures in the release, as used in the settings."""
    return sorted(path.stem.upper() for path in PROCEDURES.glob("*.toml"))


def every() -> tuple[Procedure, ...]:
    return tuple(named(path.stem) for path in sorted(PROCEDURES.glob("*.toml")))


def _read(table: dict[str, Any]) -> Procedure:
    ways = [_way(each) for each in table["path"]]
    return Procedure(
        id=table["id"],
        jurisdiction=table["jurisdiction"],
        name=Bilingual(**table["name"]),
        reviews=table["reviews"],
        reviewer=Bilingual(**table["reviewer"]),
        final=Bilingual(**table["final"]),
        opinion=tuple(table["opinion"]),
        service=tuple(Service(each) for each in table["service"]),
        remedies=tuple(table["remedies"]),
        slots={ClockPurpose(slot): tuple(rules) for slot, rules in table["slots"].items()},
        simple={ClockPurpose(slot): tuple(rules) for slot, rules in table["simple"].items()},
        steps={step: Bilingual(**words) for step, words in table["steps"].items()},
        ways={way.id: way for way in ways},
    )


def _way(table: dict[str, Any]) -> Pathway:
    return Pathway(
        sort=Sort(table.pop("sort")),
        name=Bilingual(**table.pop("name")),
        advice=Bilingual(**table.pop("advice")),
        law=Bilingual(**table.pop("law")),
        example=Bilingual(**table.pop("example")),
        conclude=tuple(table.pop("conclude", ())),
        **table,
    )
