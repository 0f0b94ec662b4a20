"""The lives that cases lead: each kind's lifecycle, its numbers, and what its rules ask about it.

`cases` lies below the apps of the kinds: each brings its own when its app is ready
(see `docs/decisions/0070-kinds-register-themselves.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from bihuan.core.lifecycle import Fact, Lifecycle
from bihuan.core.powers import Power

if TYPE_CHECKING:
    from bihuan.cases.models import Case, Message


@dataclass(frozen=True)
class Look:
    """What a kind's own records add to the situation of a case."""

    facts: frozenset[Fact] = frozenset()
    receiver: str = ""
    askers: Mapping[str, int] = field(default_factory=dict)
    # The day of the check; until then the work was under way.
    checked_date: date | None = None


def _nothing(case: Case) -> Look:
    return Look()


def _nowhere(cases: Collection[int]) -> Mapping[int, str]:
    return {}


def _nothing_follows(case: Case, letter: Message, now: datetime) -> None:
    return None


@dataclass(frozen=True)
class Life:
    """One kind of case, as the loop needs to know it.

    `answerable` says for each of its clocks who has to act before it ends: with which powers,
    seated where ("owner", "origin", "above", or "receiver" of a transfer). `letter_seen` is told
    when the person first sees a letter, from which day its remedies count.
    """

    lifecycle: Lifecycle
    series: str
    look: Callable[[Case], Look] = _nothing
    answerable: Mapping[str, tuple[frozenset[Power], str]] = field(default_factory=dict)
    # In which stages those who were given the work show the fix; a kind may know no fix.
    shows_fix: frozenset[str] = frozenset()
    letter_seen: Callable[[Case, Message, datetime], None] = _nothing_follows
    # Of these cases those that were passed on and have not come there yet, and to which units.
    receivers: Callable[[Collection[int]], Mapping[int, str]] = _nowhere


_lives: dict[str, Life] = {}


def register(life: Life) -> None:
    _lives[life.lifecycle.kind] = life


def of(kind: str) -> Life:
    return _lives[kind]


def every() -> Iterable[Life]:
    return _lives.values()
