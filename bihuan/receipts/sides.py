"""What each kind of case offers the public: a kind registers its side in `AppConfig.ready`."""

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


def receiving() -> Iterable[str]:
    """Return the kinds that receive public reports."""
    return _registered.keys()
