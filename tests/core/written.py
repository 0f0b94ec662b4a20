"""The lifecycles, written down a second time, apart from the tables that the program reads.

One text for each kind, `lifecycles/KIND.txt`: a move, from where it leads and to where, and below
it what else is said of it. Who changes a table changes the text with it, and thinks twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bihuan.core.lifecycle import Fact, Lifecycle, SharedFact, Transition

FOLDER = Path(__file__).with_name("lifecycles")
NOWHERE, ANYWHERE = "nowhere", "anywhere"


@dataclass(frozen=True)
class Written:
    """All that is said of one move."""

    move: str
    sources: frozenset[str]
    target: str | None
    public: bool
    powers: frozenset[str]
    over: str
    side: str | None
    apart: frozenset[str]
    needs: frozenset[str]
    forbids: frozenset[str]
    requires: tuple[str, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    starts_for: tuple[str, ...]
    stops_for: tuple[str, ...]
    undoable: bool
    own: bool


@cache
def moves(kind: str, stages: tuple[str, ...]) -> dict[str, Written]:
    """Every move of the kind; `stages` are what "anywhere" means."""
    return {each.move: each for each in (_move(part, stages) for part in _parts(kind)[1:])}


def ends(kind: str) -> set[str]:
    """At which stages a case of the kind has ended."""
    return set(_parts(kind)[0].removeprefix("ends: ").split())


def of(row: Transition) -> Written:
    """What the program's own table says of the move, in the same form."""
    return Written(
        row.move, row.sources, row.target, row.public, row.powers, row.over if row.powers else "",
        row.side, row.apart, row.needs, row.forbids, row.requires, row.starts, row.stops,
        row.starts_for, row.stops_for, row.undoable, row.own,
    )  # fmt: skip


def facts(names: Iterable[str], own: type[Fact]) -> frozenset[Fact]:
    """The facts of these names: the kind's own, and the shared ones."""
    known: dict[str, Fact] = {fact.value: fact for each in (SharedFact, own) for fact in each}
    return frozenset(known[name] for name in names)


def of_kind(table: Lifecycle) -> dict[str, Written]:
    return moves(table.kind, table.stages)


def _parts(kind: str) -> list[str]:
    text = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    return [part.strip() for part in text.split("\n\n")]


def _move(part: str, stages: tuple[str, ...]) -> Written:
    first, *more = part.splitlines()
    move, _, way = first.partition(": ")
    source, _, target = way.partition(" > ")
    values = {words[0]: words[1:] for words in (line.split() for line in more)}
    every = {NOWHERE: (), ANYWHERE: stages}.get(source, tuple(source.split()))
    return Written(
        move,
        frozenset(every),
        target or None,
        "public" in values,
        frozenset(values.get("powers", ())),
        next(iter(values.get("over", ())), ""),
        next(iter(values.get("side", ())), None),
        frozenset(values.get("apart", ())),
        frozenset(values.get("needs", ())),
        frozenset(values.get("forbids", ())),
        tuple(values.get("requires", ())),
        tuple(values.get("starts", ())),
        tuple(values.get("stops", ())),
        tuple(values.get("starts_for", ())),
        tuple(values.get("stops_for", ())),
        "undoable" in values,
        "own" in values,
    )
