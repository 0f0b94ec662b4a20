"""Everything that is stored about the holder of a code: what they submitted, and what was done
with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from bihuan.cases.models import REPORTER, Case, Evidence
from bihuan.files.models import StoredFile
from bihuan.journal.models import Entry
from bihuan.portal.queries.track import Holder, sealed
from bihuan.receipts import places_elsewhere, sides
from bihuan.receipts.models import Amendment, Delivery, HeldAct, Message, Rating
from bihuan.receipts.queries import amendments

# What the reporter does and why.
WITH_REASON = ("withdraw", "ask_review", "ask_rereview")


@dataclass(frozen=True)
class Words:
    """A text, and its time."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Rated:
    """One rating of an answer."""

    at: datetime
    solved: bool
    stars: int | None
    words: str


@dataclass(frozen=True)
class AmendmentRecord:
    """One request to correct or erase, and the decision."""

    at: datetime
    thing: str
    wants: str
    right_words: str
    reason: str
    withdrawn_at: datetime | None
    decided_at: datetime | None
    outcome: str
    answer: str
    basis: str


@dataclass(frozen=True)
class StoredData:
    """The data under one code; missing data is empty."""

    number: str
    # From here to the description, empty for a party if someone else brought it.
    reported_at: datetime | None
    title: str
    place: str
    # The name given by another system that sent the report.
    place_elsewhere: list[str]
    latitude: float | None
    longitude: float | None
    description: str
    said: list[Words]
    # When each photo was received; each document, and its name.
    photos: list[datetime]
    documents: list[Words]
    ratings: list[Rated]
    # What came by a code from a desk and is not confirmed yet; it is among the messages.
    waiting: list[Words]
    requests: list[AmendmentRecord]
    # Given with a withdrawal or a request for review: part of the journal, which never changes.
    reasons: list[Words]
    # A name or contact is sealed; only the fact that it exists is shown.
    sealed_at: datetime | None
    erased_at: datetime | None
    openings: list[Words]
    mails: int
    code_given_at: datetime


def kept(who: Holder) -> StoredData:
    """Return the data under the holder's code, with a fixed number of queries."""
    case = who.case
    theirs = who.slot == REPORTER
    seal, openings = sealed(who)
    files = Evidence.objects.filter(case=case, slot=who.slot, added_by=None).order_by("pk")
    given = list(files.select_related("file"))
    photo, document = StoredFile.Kind.PHOTO, StoredFile.Kind.DOCUMENT
    held = list(HeldAct.objects.filter(code=who.code))
    return StoredData(
        number=case.number,
        reported_at=case.reported_at if theirs else None,
        title=case.title if theirs else "",
        place=case.place if theirs else "",
        place_elsewhere=places_elsewhere.said(case) if theirs else [],
        latitude=case.latitude if theirs else None,
        longitude=case.longitude if theirs else None,
        description=case.description if theirs else "",
        said=_in_order([*_said(who), *_words_of(held)]),
        photos=[row.added_at for row in given if row.file.kind == photo],
        documents=[Words(r.added_at, r.file.name) for r in given if r.file.kind == document],
        ratings=_ratings(case) if theirs else [],
        waiting=_in_order(_words_of(row for row in held if row.decided_at is None)),
        reasons=_reasons(case) if theirs else [],
        requests=[_asked(row) for row in amendments.asked(case, who.slot)],
        sealed_at=seal.sealed_at if seal else None,
        erased_at=seal.erased_at if seal else None,
        openings=[Words(row.opened_at, row.reason) for row in openings if row.opened_at],
        mails=Delivery.objects.filter(seal=seal, sent_at__isnull=False).count() if seal else 0,
        code_given_at=who.row.given_at,
    )


def documents(who: Holder) -> list[Evidence]:
    """Return the documents that came with this code: only that they are there, not what is in
    them.
    """
    if not sides.takes_documents(who.case):
        return []
    given = Evidence.objects.on(who.case.pk).filter(slot=who.slot, added_by=None)
    return list(given.filter(file__kind=StoredFile.Kind.DOCUMENT).order_by("added_at", "pk"))


def _said(who: Holder) -> list[Words]:
    rows = Message.objects.filter(case=who.case, slot=who.slot, kind__in=Message.FROM_PERSON)
    return [Words(row.said_at, row.text) for row in rows]


def _words_of(held: Iterable[HeldAct]) -> list[Words]:
    return [Words(row.held_at, amendments.said_in(row)) for row in held]


def _in_order(said: list[Words]) -> list[Words]:
    return sorted((each for each in said if each.text), key=lambda each: each.at)


def _ratings(case: Case) -> list[Rated]:
    rows = Rating.objects.filter(case=case).order_by("rated_at", "pk")
    return [Rated(row.rated_at, row.solved, row.stars, row.words) for row in rows]


def _reasons(case: Case) -> list[Words]:
    entries = Entry.objects.filter(chain__subject=case.subject, actor=None, act__in=WITH_REASON)
    said = entries.exclude(note="").order_by("seq").values_list("at", "note")
    return [Words(at, note) for at, note in said]


def _asked(row: Amendment) -> AmendmentRecord:
    """Return the request without who decided it."""
    return AmendmentRecord(
        at=row.asked_at,
        **{
            each.name: getattr(row, each.name)
            for each in fields(AmendmentRecord)
            if each.name != "at"
        },
    )
