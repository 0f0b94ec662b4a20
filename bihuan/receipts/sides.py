"""What each kind of case offers the public: a kind registers its side in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.core.refusal import NotAllowed
from bihuan.receipts.accounts import Intake, IntakeResult
from bihuan.receipts.models import Message
from bihuan.receipts.party_moves import AnyPartyMove, PartyPages

Words = str | Promise


def _nothing_follows(case: Case, letter: Message, now: datetime) -> None:
    return None


def _no_withdrawal(*, case: Case, now: datetime, note: str = "") -> Case:
    raise NotAllowed


def _no_words(case: Case) -> Words:
    return ""


class Withdrawing(Protocol):
    def __call__(self, *, case: Case, now: datetime, note: str = "") -> Case: ...


@dataclass(frozen=True)
class Headings:
    """Headings on the page of a case."""

    contact: Words
    identity: Words
    # What happens when an officer marks messages as read.
    read: Words
    # There are several parties, so a message names its recipient.
    names_whom: bool = False


OF_REPORTER = Headings(
    _("With the reporter"), _("Reporter"), _("The reporter sees that it was read.")
)


@dataclass(frozen=True)
class PlainWords:
    """How a kind speaks with the public: sentences without terms of the office."""

    # By stage, the most exact sentence first; the last one needs no details. They may name `day`
    # and `unit` of the last change of stage, `office`, and `<stage>_day` and `<stage>_unit` of an
    # earlier one.
    stages: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    # By stage, until when the office must take the next step (`due`); empty if it must take none.
    due: Mapping[str, Words] = field(default_factory=dict)
    # Other names of acts and time limits than those of the desk.
    happened: Mapping[str, Words] = field(default_factory=dict)
    terms: Mapping[str, Words] = field(default_factory=dict)
    # What is rated is an answer, not whether a problem is solved.
    rates_answer: bool = False


@dataclass(frozen=True)
class PublicSide:
    """What a kind of case offers the holders of codes."""

    kind: str
    # The standard texts of its notices and letters, by subject.
    letters: Mapping[str, Words]
    # Receives a public report.
    receive: Callable[[Intake], IntakeResult]
    # Called with the day when the reporter first sees a letter, from which its remedies count.
    letter_seen: Callable[[Case, Message, datetime], None] = _nothing_follows
    headings: Headings = OF_REPORTER
    plain: PlainWords = PlainWords()
    # What happens after the report, on the receipt and on the page of the case.
    next_steps: Callable[[Case], Words] = _no_words
    withdraw: Withdrawing = _no_withdrawal
    # Published cases are shown on the public map of their surroundings.
    is_on_map: bool = False
    # What a report must contain, by the names of its fields, each with the refusal.
    needs: Mapping[str, Words] = field(default_factory=dict)
    # The path from the case to its entry in the tree of subjects.
    category: str = ""
    # Contracts, pay slips and the like help; they are kept as they are, with all that is in them.
    takes_documents: bool = False
    # For kinds with several parties, each with its own code.
    parties: PartyPages | None = None


_registered: dict[str, PublicSide] = {}


def register(*sides: PublicSide) -> None:
    """For `AppConfig.ready`."""
    _registered.update({side.kind: side for side in sides})


def of(kind: str) -> PublicSide:
    return _registered[kind]


def letters_of(kind: str) -> Mapping[str, Words]:
    """Return the standard texts of this kind; empty if it has none."""
    return _registered[kind].letters if kind in _registered else {}


def receive(kind: str, intake: Intake) -> IntakeResult:
    """Receive a public report by its kind."""
    return _registered[kind].receive(intake)


def on_map() -> list[str]:
    """Return the kinds that the public map shows."""
    return [side.kind for side in _registered.values() if side.is_on_map]


def takes_documents(case: Case) -> bool:
    """Whether the holder of a code may add documents: never to a confidential case, because a
    document names its author.
    """
    return _registered[case.kind].takes_documents and not case.is_confidential


def parties_of(kind: str) -> PartyPages | None:
    return _registered[kind].parties if kind in _registered else None


def party_move(name: str) -> AnyPartyMove | None:
    """Return the move of a party with this name, of whatever kind."""
    found = (side.parties.moves.get(name) for side in _registered.values() if side.parties)
    return next((move for move in found if move), None)


def category_paths() -> tuple[str, ...]:
    return tuple(side.category for side in _registered.values() if side.category)


def with_one_party() -> list[str]:
    """Return the kinds that other systems can report: a dispute needs two sides, so it is reported
    on the portal or in person.
    """
    return [side.kind for side in _registered.values() if side.parties is None]


def receiving() -> Iterable[str]:
    """Return the kinds that receive public reports."""
    return _registered.keys()
