"""The kinds of case that there are, as the shared pages need to know them.

`cases` lies below the apps of the kinds and never imports them: each kind registers itself when
its app is ready (see `docs/decisions/0070-kinds-register-themselves.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from bihuan.cases.actions.intake import Taken
from bihuan.cases.agenda import Section
from bihuan.cases.forms import MoveForm
from bihuan.cases.models import REPORTER, Case, Message
from bihuan.cases.wording import ACTS, letter, slot_words
from bihuan.core.lifecycle import Fact, Lifecycle
from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.orgs.models import User

Words = str | Promise


@dataclass(frozen=True)
class MovePage:
    """How one move stands on the page: its button, its form and the action behind it."""

    label: Words
    form: type[MoveForm]
    act: Callable[..., Case]
    done: Words
    consequences: tuple[Words, ...] = ()
    danger: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Kind:
    """What the shared pages ask of a kind of case."""

    lifecycle: Lifecycle
    stages: Mapping[str, Words]
    moves: Mapping[str, MovePage]
    reported: Words
    # The next step on the way to closure, first fitting first; and what may stand beside it.
    main_line: tuple[str, ...]
    beside: frozenset[str]
    # Facts that a form can bring with it, such as evidence chosen in the form.
    brought: frozenset[Fact]
    explain: Callable[[Refusal], str]
    detail_words: Mapping[str, tuple[Words, Callable[[Any], str]]]
    # Templates of the kind's own part of the case page and of the printed sheet.
    facts: str
    sheet: str
    context: Callable[[Case, datetime], dict[str, Any]]
    agenda: Callable[[User, datetime], Iterable[Section]]
    categories: tuple[tuple[str, str], ...] = ()
    # Takes in what the public reports: (account, form_key, now, photos, actor, and its own).
    receive: Callable[..., Taken] | None = None
    # The standard words of its notices and letters, by what they are about.
    letters: Mapping[str, Words] = field(default_factory=dict)
    # What the timeline says of acts that have no page: the public's, and the worker's.
    happened: Mapping[str, Words] = field(default_factory=dict)
    # What the holders of its codes are called: the reporter, or the parties.
    slot_words: Callable[[str], str] = slot_words


_registered: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _registered[kind.lifecycle.kind] = kind


def of(case: Case) -> Kind:
    return _registered[case.kind]


def by_name(kind: str) -> Kind:
    return _registered[kind]


def every() -> Iterable[Kind]:
    return _registered.values()


def act_words(kind: Kind, act: str) -> Words:
    """What happened, as the timeline says it."""
    if act == kind.lifecycle.birth:
        return kind.reported
    page = kind.moves.get(act)
    return page.done if page else kind.happened.get(act) or ACTS.get(act, act)


def whose(case: Case, slot: str) -> str:
    """Who stands behind a seal, a message or a code of the case, never by name."""
    return of(case).slot_words(slot)


def who_did(case: Case, entry: Entry) -> str:
    """The officer, or which holder of a code; nobody where the system did it."""
    detail = entry.details
    if detail.get("by_reporter"):
        return whose(case, str(detail.get("slot") or detail.get("party") or REPORTER))
    return entry.actor.name if entry.actor else ""


def move_page(kind: str, move: str) -> MovePage | None:
    known = _registered.get(kind)
    return known.moves.get(move) if known else None


def stage_words(kind: str, stage: str) -> Words:
    """A stage in words; an unknown one as it is written in the record."""
    known = _registered.get(kind)
    return known.stages.get(stage, stage) if known else stage


def letter_words(kind: str, message: Message) -> str:
    """What a notice or letter says in standard words, above what the officer wrote."""
    known = _registered.get(kind)
    said = known.letters.get(message.what, "") if known else ""
    return letter(said, message.detail) if said else ""
