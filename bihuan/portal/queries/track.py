"""A case as the holder of its code may see it: a fixed number of queries, all by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.cases import queries
from bihuan.cases.models import Case, Evidence
from bihuan.cases.queries import as_shown, undoable
from bihuan.cases.queries.as_shown import ShownCase
from bihuan.core import amending
from bihuan.journal.models import Entry
from bihuan.portal.queries import terms
from bihuan.portal.queries.terms import Term
from bihuan.receipts import codes
from bihuan.receipts.models import (
    DisposedCode,
    Message,
    Rating,
    Seal,
    SpentCode,
    TrackingCode,
    UnsealRequest,
)
from bihuan.receipts.queries import prepared

ENTRIES = 200
# What is internal to the office.
INTERNAL = frozenset(
    {
        "comment",
        "attach",
        "import",
        "update",
        "link",
        "hold",
        "lift_hold",
        "ask_opening",
        "allow_opening",
        "declare_interest",
        "erase_code",
        # MED-8: the other side must not learn that the police were informed.
        "alert",
        "invite",
        # Several reporters of the same problem learn nothing about each other.
        "follow",
        "leave_post",
        "put_back",
        "nobody_may_open",
        "somebody_may_open",
        undoable.UNDO,
        "follow_bars",
        "seen_twice",
        *undoable.NO_ACTS,
    }
)


@dataclass(frozen=True)
class Holder:
    """The holder of a code: the case, and the slot."""

    code: int
    case: Case
    slot: str
    # How often the code was replaced: forms made for an earlier one are void.
    renewals: int = 0
    # An officer has seen it, so its holder must replace it first.
    must_renew: bool = False

    @property
    def row(self) -> TrackingCode:
        return TrackingCode.objects.get(pk=self.code)


@dataclass(frozen=True)
class CodeLookup:
    """What a typed code is: valid, replaced, of a case that is no longer kept, or unknown."""

    code: int | None = None
    spent: int | None = None
    is_disposed: bool = False


def find(typed: str) -> CodeLookup:
    """Look up a code typed as digits or words. It takes equally long for any code."""
    code = codes.understood(typed)
    if not code:
        return CodeLookup()
    quick, slow = codes.every_hash(code)
    rows = TrackingCode.objects.filter(Q(code_hash__in=slow) | Q(quick_hash__in=quick))
    found = rows.values_list("pk", flat=True).first()
    spent = SpentCode.objects.filter(code_hash__in=[*slow, *quick])
    disposed = DisposedCode.objects.filter(code_hash__in=[*slow, *quick]).exists()
    return CodeLookup(found, spent.values_list("code", flat=True).first(), disposed)


def holder(code: int) -> Holder | None:
    """Return the case of the code, as its public moves need it."""
    case = prepared.opened_by.one(code)
    if case is None:
        return None
    slot, renewals, must_renew = (getattr(case, f"code_{name}") for name in prepared.OF_CODE)
    return Holder(code, case, slot, renewals, must_renew)


def moves(who: Holder, now: datetime) -> frozenset[str]:
    """Return what the holder of the code may do now, at the stage that the page shows."""
    shown, possible = as_shown.of(who.case, now), queries.open_to_holder(who.case)
    return possible & queries.open_to_holder(shown.case) if shown.acts else possible


@dataclass(frozen=True)
class View:
    """Everything that the page shows of a case: the case itself is as the public sees it."""

    case: Case
    terms: list[Term]
    messages: list[Message]
    entries: list[Entry]
    photos: list[Evidence]
    ratings: list[Rating]
    seal: Seal | None
    openings: list[UnsealRequest]
    # The stage of the case that this one duplicates, and nothing else of it.
    followed: str = ""

    @property
    def question(self) -> Message | None:
        """Return the questions that the office waits for, oldest first."""
        answered = {message.answers_id for message in self.messages}
        asked = (m for m in self.messages if m.kind == Message.Kind.QUESTION)
        return next((m for m in asked if m.pk not in answered), None)

    @property
    def is_rated(self) -> bool:
        """Whether the current answer was already rated."""
        now = (self.case.stage, queries.round_of(self.case))
        return any((rating.stage, rating.round) == now for rating in self.ratings)

    @property
    def is_sealed(self) -> bool:
        return self.seal is not None and self.seal.erased_at is None

    @property
    def unseen(self) -> bool:
        return any(message.is_from_office and not message.seen_at for message in self.messages)


def view(who: Holder, now: datetime) -> View:
    shown = as_shown.of(who.case, now)
    case = shown.case
    # The deadline of a request for amendment concerns only the one who made it.
    rows = (row for row in shown.clocks() if not row.stopped_at and row.rule_id != amending.TERM)
    messages = Message.objects.shown(now).filter(case=case, slot=who.slot).select_related("unit")
    seal, openings = sealed(who)
    return View(
        case=case,
        terms=terms.terms(rows),
        messages=list(messages.order_by("said_at", "pk")),
        entries=_entries(who, shown),
        photos=list(_photos(who, shown).order_by("added_at", "pk")),
        ratings=list(
            Rating.objects.filter(case=case).select_related("item").order_by("rated_at", "pk")
        ),
        seal=seal,
        openings=openings,
        followed=_followed(case.duplicate_of_id, now),
    )


def sealed(who: Holder) -> tuple[Seal | None, list[UnsealRequest]]:
    """Return what the holder left sealed, and each time that an officer viewed it."""
    rows = Seal.objects.filter(case=who.case, slot=who.slot)
    seal = rows.prefetch_related("unseal_requests").first()
    return seal, _looked(seal.unseal_requests.all()) if seal else []


def _followed(original: int | None, now: datetime) -> str:
    """Return the stage of the original; empty if it is confidential or has exclusions."""
    if original is None:
        return ""
    told = Case.objects.filter(pk=original, is_confidential=False, exclusions=None).first()
    return as_shown.of(told, now).case.stage if told else ""


def _looked(openings: Iterable[UnsealRequest]) -> list[UnsealRequest]:
    """Return the requests after which an officer actually viewed it."""

    def when(opening: UnsealRequest) -> datetime:
        assert opening.opened_at is not None
        return opening.opened_at

    return sorted((each for each in openings if each.opened_at), key=when)


def _entries(who: Holder, shown: ShownCase) -> list[Entry]:
    """Return the timeline without internal entries and those that concern another party alone, and
    without what was undone or still can be.
    """
    rows = Entry.objects.filter(chain__subject=who.case.subject).order_by("-seq")[:ENTRIES]
    hidden = undoable.undone_among(rows) | shown.hidden
    return [
        entry
        for entry in rows
        if entry.act not in INTERNAL
        and entry.seq not in hidden
        and (detail := entry.details).get("slot", who.slot) == who.slot
        and detail.get("rule") != amending.TERM
    ]


def photo(who: Holder, pk: int, now: datetime) -> Evidence | None:
    """Return one of the pictures that the holder may see; no documents."""
    return _photos(who, as_shown.of(who.case, now)).filter(pk=pk).first()


def _photos(who: Holder, shown: ShownCase) -> QuerySet[Evidence]:
    """Return the pictures meant for the holder: the list and each URL use this query."""
    return shown.photos(Evidence.objects.shown_to(who.case.pk, who.slot))


def question(who: Holder, pk: int) -> Message | None:
    """Return a question that waits for this holder's answer."""
    asked = Message.objects.filter(case=who.case, slot=who.slot, kind=Message.Kind.QUESTION)
    return asked.filter(pk=pk, answered_by=None).first()
