"""The dialogue between the office and the holder of the code, as the page of a case shows it:
the seals and who unsealed them, the messages, and whether the problem was solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from bihuan.cases import kind_wording, kinds, queries
from bihuan.cases.models import REPORTER, Case
from bihuan.core import seals as rules
from bihuan.core.acting import Person
from bihuan.core.deadlines import Due
from bihuan.orgs import choices
from bihuan.orgs.models import User
from bihuan.receipts.models import Message, Rating, UnsealRequest
from bihuan.receipts.queries import prepared
from bihuan.receipts.wording import letters


# ----------------------------------------------------------------------- seals
@dataclass(frozen=True)
class UnsealRow:
    """A request to unseal, with its reason."""

    pk: int
    reason: str
    asked_by: int
    who: str
    asked_at: datetime
    allowed_by: str | None
    opened_at: datetime | None
    until_at: datetime
    is_danger: bool

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a second officer, if one is required."""
        return self.allowed_by is None and self.opened_at is None and now < self.until_at


@dataclass(frozen=True)
class Sealed:
    """That there is a seal, and what this officer may do; never its content."""

    slot: str
    whose: str
    erased_at: datetime | None
    openings: list[UnsealRow]
    may_ask: bool
    # The officer's own valid request: ready to view, or waiting for a second officer.
    again: UnsealRow | None
    waiting: UnsealRow | None
    to_allow: list[UnsealRow]


def sealed(case: Case, user: User, now: datetime) -> list[Sealed]:
    """Return the seals of the case with their requests; queried only if there are any."""
    if not queries.has(case, "seals"):
        return []
    person = queries.person(user, now)
    seals = groupby(prepared.seals(case.pk), key=lambda row: (row[0], row[1]))
    found = [_sealed(case, slot, erased_at, rows, person, now) for (slot, erased_at), rows in seals]
    # The earliest comes first.
    return sorted(found, key=lambda seal: seal.slot != REPORTER)


def _sealed(
    case: Case,
    slot: str,
    erased_at: datetime | None,
    rows: Iterable[tuple[Any, ...]],
    person: Person,
    now: datetime,
) -> Sealed:
    openings = [UnsealRow(*row[2:]) for row in rows if row[2] is not None]
    works = erased_at is None and rules.may_open(person, case.owner.path)
    mine = [each for each in openings if each.asked_by == person.id and now < each.until_at]
    unheard = [
        each
        for each in openings
        if rules.takes_two(is_confidential=case.is_confidential, is_danger=each.is_danger)
        and each.waits(now)
    ]
    last = mine[-1] if works and mine else None
    waiting = last if last in unheard else None
    return Sealed(
        slot,
        kind_wording.whose(case, slot),
        erased_at,
        [each for each in openings if each.opened_at],
        may_ask=works and last is None,
        again=None if waiting else last,
        waiting=waiting,
        to_allow=[each for each in unheard if works and each.asked_by != person.id],
    )


def opening_of(case: Case, pk: int) -> UnsealRequest:
    return UnsealRequest.objects.select_related("seal").get(pk=pk, seal__case=case)


# -------------------------------------------------------------------- messages
@dataclass(frozen=True)
class DialogueMessage:
    """One message; the reporter sees the unit as its sender, officers see who wrote it."""

    row: Message
    kind: str
    whose: str
    unit: str
    who: str
    standard: str
    # The act that it tells of can still be undone: its recipient does not see it yet.
    waits: bool

    @property
    def is_new(self) -> bool:
        return not self.row.is_from_office and self.row.seen_at is None


@dataclass(frozen=True)
class Rated:
    """The reporter's rating of the answer, and the result of a “not solved” rating."""

    rating: Rating
    is_open: bool
    due: Due | None
    answer: str
    who: str
    done_at: datetime | None


@dataclass(frozen=True)
class Dialogue:
    """All messages, oldest first."""

    messages: list[DialogueMessage]
    ratings: list[Rated]
    has_new: bool


def dialogue(case: Case, user: User, now: datetime) -> Dialogue:
    rows = reversed(prepared.messages(case.pk)) if queries.has(case, "messages") else ()
    parts = [_said(case, row, now) for row in rows]
    ratings = prepared.ratings(case.pk) if queries.has(case, "ratings") else []
    has_new = any(each.is_new for each in parts) and queries.works_on(user, case, now)
    return Dialogue(parts, list(_rated(list(ratings))), has_new)


def _said(case: Case, row: Message, now: datetime) -> DialogueMessage:
    return DialogueMessage(
        row,
        kind=_kind(case, row),
        whose=kind_wording.whose(case, row.slot),
        unit=choices.name_of(row.unit) if row.unit else "",
        who=row.member.name if row.member else "",
        standard=letters.letter_words(case.kind, row),
        waits=row.shown_at is not None and row.shown_at > now,
    )


def _kind(case: Case, row: Message) -> str:
    """Return the type of a message; for the reason of a reporter's step, which step."""
    if row.what and not row.is_from_office:
        return str(kind_wording.act_words(kinds.of(case), row.what))
    return row.get_kind_display()


def _rated(ratings: Sequence[Rating]) -> Iterator[Rated]:
    """The result of “not solved” is shown once, with the last rating that refers to it."""
    last = {rating.item_id: rating.pk for rating in ratings}
    for rating in ratings:
        item = rating.item
        if item is None or last[item.pk] != rating.pk:
            yield Rated(rating, False, None, "", "", None)
        else:
            who = item.done_by.name if item.done_by else ""
            yield Rated(
                rating, item.done_at is None, item.clock.due, item.answer, who, item.done_at
            )
