"""The kinds of case that there are, as the loop and the shared pages need to know them.

`cases` lies below the apps of the kinds and never imports them: each kind registers itself when
its app is ready (see `docs/decisions/0070-kinds-register-themselves.md`). Everything in `cases`
may read this module, so it imports none of it at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from bihuan.core.lifecycle import Fact, Lifecycle, Reach
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal

if TYPE_CHECKING:
    from bihuan.cases.agenda import Waiting
    from bihuan.cases.asked import AgendaContext
    from bihuan.cases.models import Case
    from bihuan.cases.move_pages import AnyMovePage
    from bihuan.web.agenda import AgendaSection

Words = str | Promise


# ------------------------------------------------------------------- the rules
@dataclass(frozen=True)
class Look:
    """What a kind's own records add to the situation of a case."""

    facts: frozenset[Fact] = frozenset()
    # The units that the kind's own words of reach name.
    places: Mapping[Reach, str] = field(default_factory=dict)
    askers: Mapping[str, int] = field(default_factory=dict)
    # The day of the check; until then the work was under way.
    checked_date: date | None = None
    # The path of the level that listed the case for supervision.
    listed_by: str = ""
    # How often the case began again: what is rated is the answer of one round.
    round: int = 0


def _nothing(case: Case) -> Look:
    return Look()


def _nowhere(cases: Collection[int]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True)
class Rules:
    """By which rules the clocks of a kind run, as far as the loop has to know it."""

    # The time for the fix, which an extension moves.
    fix: str = ""
    # Clocks that do not say when the case itself is due.
    secondary: frozenset[str] = frozenset()


# ------------------------------------------------------------------- the pages
def _no_sections(asked: AgendaContext) -> Iterable[AgendaSection]:
    return ()


@dataclass(frozen=True)
class Column:
    """A column of the ledger that only this kind has; `path` leads to it from the case."""

    name: str
    label: Words
    path: str
    # A case of another kind has None there.
    said: Callable[[Any], str]


@dataclass(frozen=True)
class Choice:
    """A filter of the ledger by what only this kind knows."""

    name: str
    label: Words
    path: str
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Mark:
    """What stands behind the stage in the ledger where there is this value."""

    path: str
    value: str
    label: Words


@dataclass(frozen=True)
class Pages:
    """What the shared pages show of a case of this kind."""

    moves: Mapping[str, AnyMovePage]
    # The next step on the way to closure, first fitting first; and what may stand beside it.
    primary_moves: tuple[str, ...]
    secondary_moves: frozenset[str]
    # Templates of the kind's own part of the case page and of the printed sheet.
    facts: str
    sheet: str
    context: Callable[[Case, datetime], dict[str, Any]]
    # Today: sections by what waits, what is next for the holder of a case's post by its stage,
    # and sections that stand below all that waits.
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    next_moves: Mapping[str, str] = field(default_factory=dict)
    last: Callable[[AgendaContext], Iterable[AgendaSection]] = _no_sections
    # Whether a list of cases of all kinds says of each of these what it is.
    is_named_in_lists: bool = True
    # What the box to show photos to those who follow the case says, where not the usual words.
    show_photos: Words = ""
    # The page by which an officer reports one, and what leads there.
    report: tuple[str, Words] | None = None
    # The move that many cases of the ledger can be given at once.
    bulk_move: str = ""
    # Other moves that come before the rest of them.
    foremost: frozenset[str] = frozenset()
    # Facts that a form can bring with it, such as evidence chosen in the form.
    brought: frozenset[Fact] = frozenset()
    categories: tuple[tuple[str, str], ...] = ()
    # What stands beside the stage on the page of the case.
    marks: str = ""
    # The ledger: columns, filters, marks on its rows, and views that one press opens.
    columns: tuple[Column, ...] = ()
    filters: tuple[Choice, ...] = ()
    row_marks: tuple[Mark, ...] = ()
    views: tuple[tuple[Words, str], ...] = ()


# ------------------------------------------------------------------- the words
@dataclass(frozen=True)
class Wording:
    """How a kind says what is the case, what happened, and why something is refused."""

    label: Words
    stages: Mapping[str, Words]
    reported: Words
    # What its page calls the unit where it was found or received, and the day of that.
    origin: Words
    reported_at: Words
    explain: Callable[[Refusal], str]
    # What the holders of its codes are called: the reporter, or the parties.
    slots: Callable[[str], str]
    details: Mapping[str, tuple[Words, Callable[[Any], str]]] = field(default_factory=dict)
    # What the timeline says of acts that have no page: the public's, and the worker's.
    happened: Mapping[str, Words] = field(default_factory=dict)


# -------------------------------------------------------------------- the kind
@dataclass(frozen=True)
class Kind:
    """One kind of case.

    `answerable` says for each of its clocks who has to act before it ends: with which powers,
    seated where ("owner", "origin", "above", or "receiver" of a transfer).
    """

    lifecycle: Lifecycle
    series: str
    # Its place where the kinds are listed.
    order: int
    wording: Wording
    pages: Pages
    look: Callable[[Case], Look] = _nothing
    answerable: Mapping[str, tuple[frozenset[Power], str]] = field(default_factory=dict)
    # In which stages those who were given the work show the fix; a kind may know no fix.
    shows_fix: frozenset[str] = frozenset()
    # In which of them, and after, those who do the work say that it is done.
    fix_done: frozenset[str] = frozenset()
    rules: Rules = Rules()
    # Whether all see it whose posts reach it, and not only those who work on such cases.
    is_seen_in_reach: bool = False
    # Of these cases those that were passed on and have not come there yet, and to which units.
    receivers: Callable[[Collection[int]], Mapping[int, str]] = _nowhere
    # Its own rows that come with each case that is asked for with what the rules need.
    related: tuple[str, ...] = ()
    # Fields of its own row ("row.field") that name units, which follow when one is closed.
    units: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.lifecycle.kind


_registered: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _registered[kind.name] = kind


def of(case: Case) -> Kind:
    return _registered[case.kind]


def by_name(kind: str) -> Kind:
    return _registered[kind]


def every() -> Iterable[Kind]:
    return _registered.values()


def label(kind: str) -> Words:
    """What the kind is called; an unknown one as it is written in the record."""
    known = _registered.get(kind)
    return known.wording.label if known else kind


def choices() -> list[tuple[str, Words]]:
    """The kinds in their usual order, for a choice among them."""
    found = sorted(every(), key=lambda kind: kind.order)
    return [(kind.name, kind.wording.label) for kind in found]


def seen_in_reach() -> list[str]:
    """The kinds whose cases all see whose posts reach them."""
    return [kind.name for kind in every() if kind.is_seen_in_reach]


def assigned_in_bulk() -> list[str]:
    """The kinds of which many cases can be given a move at once."""
    return [kind.name for kind in every() if kind.pages.bulk_move]


def fix_rules() -> frozenset[str]:
    return frozenset(kind.rules.fix for kind in every() if kind.rules.fix)


def secondary_rules() -> frozenset[str]:
    """The rules of clocks that do not say when a case itself is due."""
    return frozenset().union(*(kind.rules.secondary for kind in every()))


def related() -> tuple[str, ...]:
    """The rows of all kinds that come with a case."""
    return tuple(name for kind in every() for name in kind.related)


def ledger_paths() -> tuple[str, ...]:
    """Where the columns and marks are that only some kinds have, each once."""
    pages = [kind.pages for kind in every()]
    columns = (each.path for page in pages for each in page.columns)
    marks = (each.path for page in pages for each in page.row_marks)
    return tuple(dict.fromkeys([*columns, *marks]))


def ledger_columns() -> dict[str, Column]:
    return {each.name: each for kind in every() for each in kind.pages.columns}


def ledger_filters() -> dict[str, Choice]:
    return {each.name: each for kind in every() for each in kind.pages.filters}


def move_page(kind: str, move: str) -> AnyMovePage | None:
    known = _registered.get(kind)
    return known.pages.moves.get(move) if known else None


def detail_words(kind: str) -> Mapping[str, tuple[Words, Callable[[Any], str]]]:
    """How values of a kind's own are written."""
    known = _registered.get(kind)
    return known.wording.details if known else {}


def stage_words(kind: str, stage: str) -> Words:
    """A stage in words; an unknown one as it is written in the record."""
    known = _registered.get(kind)
    return known.wording.stages.get(stage, stage) if known else stage
