"""The registered kinds of case, for the loop.

`cases` is below the apps of the kinds and never imports them: each kind registers itself when its
app is ready (see `docs/decisions/0070-kinds-register-themselves.md`). Everything in `cases` may
import this module, so it imports none of it at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise

from bihuan.core.lifecycle import Fact, Lifecycle, Reach
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal

if TYPE_CHECKING:
    from bihuan.cases.models import Case

Words = str | Promise


# ------------------------------------------------------------------- the rules
@dataclass(frozen=True)
class Look:
    """What a kind's own records add to the situation of a case."""

    facts: frozenset[Fact] = frozenset()
    # The units that the kind's own reach refers to.
    places: Mapping[Reach, str] = field(default_factory=dict)
    askers: Mapping[str, int] = field(default_factory=dict)
    # The day of the verification; until then the work was in progress.
    checked_date: date | None = None
    # The path of a further level that oversees the case.
    overseen_by: str = ""
    # The round of the case: a rating concerns the answer of one round.
    round: int = 0


def _nothing(case: Case) -> Look:
    return Look()


def _nowhere(cases: Collection[int]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True)
class Rules:
    """The rules of a kind's clocks that the loop needs to know."""

    # The time for the fix, which an extension moves.
    fix: str = ""
    # Clocks that do not make the case itself due.
    secondary: frozenset[str] = frozenset()


# ------------------------------------------------------------------- the words
@dataclass(frozen=True)
class Wording:
    """How a kind words its cases, acts and refusals."""

    label: Words
    stages: Mapping[str, Words]
    reported: Words
    # The labels of the unit and the day of the origin on its page.
    origin: Words
    reported_at: Words
    explain: Callable[[Refusal], str]
    # What the holders of its codes are called: the reporter, or the parties.
    slots: Callable[[str], str]
    # What the box to show photos to those who follow the case says, where not the usual words.
    show_photos: Words = ""
    details: Mapping[str, tuple[Words, Callable[[Any], str]]] = field(default_factory=dict)
    # The texts of notices of a move, by "move.group" (`core.notified`). Without a text a notice
    # names the act.
    told: Mapping[str, Words] = field(default_factory=dict)
    # The timeline's names of acts: those of officers, of the public and of the worker.
    happened: Mapping[str, Words] = field(default_factory=dict)


# ----------------------------------------------------------------- the archive
@dataclass(frozen=True)
class Trait:
    """A property by which retention lists distinguish the cases of a kind."""

    value: Callable[[Case], str]
    # Condition of a query of cases: this property has one of these values.
    among: Callable[[frozenset[str]], Q]


@dataclass(frozen=True)
class Paper:
    """A column with a text that is printed for the archive."""

    label: Words
    said: Callable[[Any], str] = str


@dataclass(frozen=True)
class Filing:
    """How long the files of a kind are kept, and what of them goes to the archive."""

    # By the names that retention lists use.
    traits: Mapping[str, Trait] = field(default_factory=dict)
    # The kind's own tables, and which of their columns are printed, in this order.
    tables: Mapping[str, Mapping[str, Paper]] = field(default_factory=dict)


# -------------------------------------------------------------------- the kind
@dataclass(frozen=True)
class Kind:
    """One kind of case.

    `answerable` defines for each of its clocks who must act before it ends: with which powers, in
    which unit ("owner", "origin", "above", or "receiver" of a transfer).
    """

    lifecycle: Lifecycle
    series: str
    # Its position in lists of kinds.
    order: int
    wording: Wording
    # The usual categories of its cases, in Chinese and in English.
    categories: tuple[tuple[str, str], ...] = ()
    look: Callable[[Case], Look] = _nothing
    answerable: Mapping[str, tuple[frozenset[Power], str]] = field(default_factory=dict)
    # The stages in which those assigned to the work show the fix; empty for kinds without a fix.
    shows_fix: frozenset[str] = frozenset()
    # The stages from which on those who do the work have recorded it as done.
    fix_done: frozenset[str] = frozenset()
    rules: Rules = Rules()
    # Whether everyone whose posts reach it may see it, and not only those who work on such cases.
    is_seen_in_reach: bool = False
    # Returns which of these cases are in transfer, and to which units.
    receivers: Callable[[Collection[int]], Mapping[int, str]] = _nowhere
    # Its own rows, loaded with each case for the rules.
    related: tuple[str, ...] = ()
    filing: Filing = Filing()
    # Fields of its own row ("row.field") that name units, which are updated when one is closed.
    units: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.lifecycle.kind


_registered: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """For `AppConfig.ready`. A name is registered once."""
    known = _registered.setdefault(kind.name, kind)
    if known is not kind:
        raise ValueError(
            f"the kind {kind.name} is registered twice: with the series {known.series} and "
            f"{kind.series}"
        )


def of(case: Case) -> Kind:
    return _registered[case.kind]


def by_name(kind: str) -> Kind:
    return _registered[kind]


def every() -> Iterable[Kind]:
    return _registered.values()


def label(kind: str) -> Words:
    """Return the name of the kind; an unknown one as it is recorded."""
    known = _registered.get(kind)
    return known.wording.label if known else kind


def choices() -> list[tuple[str, Words]]:
    """Return the kinds in their usual order, as choices."""
    found = sorted(every(), key=lambda kind: kind.order)
    return [(kind.name, kind.wording.label) for kind in found]


def seen_in_reach() -> list[str]:
    """Return the kinds whose cases are visible to everyone whose posts reach them."""
    return [kind.name for kind in every() if kind.is_seen_in_reach]


def fix_rules() -> frozenset[str]:
    return frozenset(kind.rules.fix for kind in every() if kind.rules.fix)


def secondary_rules() -> frozenset[str]:
    """Return the rules of clocks that do not make a case itself due."""
    return frozenset().union(*(kind.rules.secondary for kind in every()))


def related() -> tuple[str, ...]:
    """Return the rows of all kinds that are loaded with a case."""
    return tuple(name for kind in every() for name in kind.related)


def detail_words(kind: str) -> Mapping[str, tuple[Words, Callable[[Any], str]]]:
    """Return how values of a kind's own are formatted."""
    known = _registered.get(kind)
    return known.wording.details if known else {}


def stage_words(kind: str, stage: str) -> Words:
    """Return the name of a stage; an unknown one as it is recorded."""
    known = _registered.get(kind)
    return known.wording.stages.get(stage, stage) if known else stage
