"""What the officers' pages show of each kind of case: a kind registers its pages in
`AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise

from bihuan.cases import kinds
from bihuan.cases.kinds import Kind, Words
from bihuan.cases.models import Case
from bihuan.clocks.actions.running import HOME
from bihuan.core.lifecycle import Fact, Transition
from bihuan.desk.context import AgendaContext
from bihuan.desk.move_pages import AnyMovePage, FilledIn
from bihuan.orgs.models import Post, User
from bihuan.web.agenda import AgendaSection


def _no_sections(context: AgendaContext) -> Iterable[AgendaSection]:
    return ()


def _no_date(case: Case) -> date | None:
    return None


@dataclass(frozen=True)
class MoveClocks:
    """The rules whose clocks a move starts and stops on one case."""

    starts: tuple[str, ...]
    stops: tuple[str, ...]
    jurisdiction: str = HOME


def _of_the_table(case: Case, row: Transition) -> MoveClocks:
    return MoveClocks(row.starts, row.stops)


def _no_effects(case: Case, row: Transition) -> Iterable[Words]:
    return ()


@dataclass(frozen=True)
class Waiting:
    """Cases of one kind that wait for some officers, and the next move.

    `more` is the ledger's query for all of them. A case that has ended has no time left.
    """

    title: str | Promise
    move: str
    wanted: Callable[[AgendaContext], Q]
    more: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the ledger for this kind only; `path` leads to it from the case."""

    name: str
    label: Words
    path: str
    # A case of another kind has None there.
    said: Callable[[Any], str]


@dataclass(frozen=True)
class Choice:
    """A filter of the ledger for this kind only."""

    name: str
    label: Words
    path: str
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Mark:
    """A mark after the stage in the ledger, shown for this value."""

    path: str
    value: str
    label: Words


def _no_bar(case: Case) -> Words:
    return ""


def _no_warning(case: Case, post: Post | None) -> Words:
    return ""


@dataclass(frozen=True)
class Proposed:
    """What the plan for many proposes for one case: values of fields, and how its row says it."""

    values: Mapping[str, str]
    said: str
    # The earlier case with which it is explained.
    number: str = ""


# Takes the cases, the officer and the time; returns proposals by the numbers of the cases.
Propose = Callable[[Sequence[Case], User, datetime], Mapping[str, Proposed]]


def _none_proposed(cases: Sequence[Case], user: User, now: datetime) -> Mapping[str, Proposed]:
    return {}


# Between the name of a field and the number of the case for which the form proposes a value.
EACH = "--"


@dataclass(frozen=True)
class BatchMove:
    """A move that can be made for many cases at once, with one plan.

    What is decided case by case is left out: verification, replies, serious cases, accusations.
    """

    move: str
    page: AnyMovePage
    # Why one of the cases must be decided on its own page, apart from what the rules refuse.
    bar: Callable[[Case], Words] = _no_bar
    # What an officer should confirm about one case and its post before the plan is carried out.
    warn: Callable[[Case, Post | None], Words] = _no_warning
    # What is proposed for each case; it fills the fields that the plan leaves empty.
    propose: Propose = _none_proposed
    # Whether each case is ticked next to the evidence of its fix.
    shows_fix: bool = False

    def fill_in(
        self, plan: QueryDict, number: str, seen: str, *, user: User, now: datetime
    ) -> FilledIn:
        """Return the form of the plan, with what is proposed for one case and what the officer
        saw of it.
        """
        data = plan.copy()
        data["seen"] = seen
        for key in plan:
            name, _each, of_case = key.partition(EACH)
            if of_case == number and not data.get(name):
                data[name] = plan.get(key, "")
        return self.page.fill_in(data, case=None, user=user, now=now)


def _by_the_table(_case: Case, _now: datetime) -> str | None:
    return None


@dataclass(frozen=True)
class Pages:
    """What the pages show of the cases of a kind."""

    kind: str
    moves: Mapping[str, AnyMovePage]
    # The next step on the way to closure, first match first; and the secondary moves.
    primary_moves: tuple[str, ...]
    secondary_moves: frozenset[str]
    # Templates of the kind's own part of the case page and of the printed sheet.
    facts: str
    sheet: str
    context: Callable[[Case, datetime], dict[str, Any]]
    # What a move does in addition to what its table says: its clocks, and sentences for its form.
    clocks: Callable[[Case, Transition], MoveClocks] = _of_the_table
    effects: Callable[[Case, Transition], Iterable[Words]] = _no_effects
    # The day that is shown with the name of the verifier.
    checked_date: Callable[[Case], date | None] = _no_date
    # Today: sections of waiting cases, the next move of the holder of a case's post by stage, and
    # sections below everything that waits.
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    next_moves: Mapping[str, str] = field(default_factory=dict)
    last: Callable[[AgendaContext], Iterable[AgendaSection]] = _no_sections
    # Whether a list of cases of all kinds says of each of these what it is.
    is_named_in_lists: bool = True
    # The page for reporting one, and the links to it.
    report: tuple[str, Words] | None = None
    # Fields of its forms for which officers keep phrases, with their labels.
    phrases: tuple[tuple[str, Words], ...] = ()
    # The moves that can be made for many cases of the ledger at once, by the act of `batching`.
    batch: Mapping[str, BatchMove] = field(default_factory=dict)
    # Other moves, shown before the rest.
    foremost: frozenset[str] = frozenset()
    # The next step where it does not change the stage; None where the table decides.
    next_step: Callable[[Case, datetime], str | None] = _by_the_table
    # Facts that a form can bring with it, such as evidence chosen in the form.
    brought: frozenset[Fact] = frozenset()
    # What is shown next to the stage on the page of the case.
    marks: str = ""
    # The ledger: columns, filters, marks on its rows, and views that one click opens.
    columns: tuple[Column, ...] = ()
    filters: tuple[Choice, ...] = ()
    row_marks: tuple[Mark, ...] = ()
    views: tuple[tuple[Words, str], ...] = ()
    # Numbers of open cases for leaders: the label, the ledger's filters, and the same condition.
    headlines: tuple[tuple[Words, Mapping[str, str], Q], ...] = ()


_registered: dict[str, Pages] = {}


def register(*pages: Pages) -> None:
    """For `AppConfig.ready`, after the kind. Each kind has its pages once."""
    for each in pages:
        known = _registered.setdefault(each.kind, each)
        if known is not each:
            raise ValueError(
                f"the pages of {each.kind} are registered twice: with {known.facts} and "
                f"{each.facts}"
            )


def of(case: Case) -> Pages:
    return _registered[case.kind]


def by_name(kind: str) -> Pages:
    return _registered[kind]


def every() -> Iterable[Pages]:
    return _registered.values()


def lacking(**_options: Any) -> list[CheckMessage]:
    """Return an error for each kind without pages, as a start-up check."""
    return without_pages(kinds.every())


def without_pages(registered: Iterable[Kind]) -> list[CheckMessage]:
    lack = (kind.name for kind in registered if kind.name not in _registered)
    return [Error(f"{name}: no pages are registered", id="desk.E001") for name in lack]


def move_page(kind: str, move: str) -> AnyMovePage | None:
    known = _registered.get(kind)
    return known.moves.get(move) if known else None


def ledger_paths() -> tuple[str, ...]:
    """Return the paths of columns and marks of some kinds only, each once."""
    columns = (column.path for each in every() for column in each.columns)
    marks = (mark.path for each in every() for mark in each.row_marks)
    return tuple(dict.fromkeys([*columns, *marks]))


def ledger_columns() -> dict[str, Column]:
    return {column.name: column for each in every() for column in each.columns}


def phrase_uses() -> list[tuple[str, Words]]:
    """Return the fields of the forms of all kinds for which officers keep phrases."""
    return [use for each in every() for use in each.phrases]


def ledger_filters() -> dict[str, Choice]:
    return {choice.name: choice for each in every() for choice in each.filters}
