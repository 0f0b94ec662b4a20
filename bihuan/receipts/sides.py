"""What each kind of case has towards the public: a kind registers its side when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.receipts.accounts import Intake, IntakeResult
from bihuan.receipts.models import Message

Words = str | Promise


def _nothing_follows(case: Case, letter: Message, now: datetime) -> None:
    return None


@dataclass(frozen=True)
class Headings:
    """What the page of a case says above it."""

    contact: Words
    identity: Words
    # What follows when an officer notes that it was read.
    read: Words
    # There are several of them, so that a message says to whom it goes.
    names_whom: bool = False


OF_REPORTER = Headings(
    _("With the reporter"), _("Reporter"), _("The reporter sees that it was read.")
)


@dataclass(frozen=True)
class PublicSide:
    """What a kind of case has towards those who hold a code."""

    kind: str
    # The standard words of its notices and letters, by what they are about.
    letters: Mapping[str, Words]
    # Takes in what the public reports.
    receive: Callable[[Intake], IntakeResult]
    # Told when the person first sees a letter, from which day its remedies count.
    letter_seen: Callable[[Case, Message, datetime], None] = _nothing_follows
    headings: Headings = OF_REPORTER


_registered: dict[str, PublicSide] = {}


def register(*sides: PublicSide) -> None:
    """For `AppConfig.ready`."""
    _registered.update({side.kind: side for side in sides})


def of(kind: str) -> PublicSide:
    return _registered[kind]


def letters_of(kind: str) -> Mapping[str, Words]:
    """The standard words of this kind; none where nobody says."""
    return _registered[kind].letters if kind in _registered else {}


def receive(kind: str, intake: Intake) -> IntakeResult:
    """Take in what somebody reports, as its kind does."""
    return _registered[kind].receive(intake)


def receiving() -> Iterable[str]:
    """The kinds that take in what the public reports."""
    return _registered.keys()
