"""Items submitted with a code that may be corrected or erased; the requests, and who decides.

See `docs/decisions/0128-what-was-told-is-corrected-and-erased-on-request.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bihuan.cases import answering, queries, stands
from bihuan.cases.models import REPORTER, Case, Evidence
from bihuan.core import amending as rules
from bihuan.core import routing
from bihuan.core.amending import Wants
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.files.models import StoredFile
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.receipts.models import Amendment, HeldAct, Message, Rating

BOTH, ERASE = frozenset(Wants), frozenset({Wants.ERASE})


class What(StrEnum):
    """The types of items; the first three are fields of the case, the others separate rows."""

    TITLE = "title"
    DESCRIPTION = "description"
    PLACE = "place"
    MESSAGE = "message"
    RATING = "rating"
    HELD = "held"
    PHOTO = "photo"


OF_CASE = (What.TITLE, What.DESCRIPTION, What.PLACE)


@dataclass(frozen=True)
class Thing:
    """An item that the holder of a code submitted: a text, or a photo."""

    what: What
    told_at: datetime
    # Empty for a photo.
    words: str = ""
    # The row that holds it; None for fields of the case.
    row: int = 0
    # A document is no picture to look at, and may have a name.
    is_document: bool = False
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.what}-{self.row}" if self.row else self.what

    @property
    def wants(self) -> frozenset[Wants]:
        return ERASE if self.what is What.PHOTO else BOTH


def what_of(key: str) -> What:
    return What(key.partition("-")[0])


# ------------------------------------------------------------------------ items
def told(case: Case, slot: str) -> list[Thing]:
    """Return every item submitted with this code that a request may refer to, oldest first."""
    gone = Amendment.objects.filter(
        case=case, slot=slot, wants=Wants.ERASE, outcome=rules.AmendmentOutcome.GRANTED
    )
    erased = set(gone.values_list("thing", flat=True))
    found = [*_of_case(case, slot), *_said(case, slot), *_ratings(case, slot), *_photos(case, slot)]
    return [thing for thing in found if thing.key not in erased]


def thing(case: Case, slot: str, key: str) -> Thing | None:
    """Return the item with that key, if it was submitted with this code and still exists."""
    return next((each for each in told(case, slot) if each.key == key), None)


def _of_case(case: Case, slot: str) -> Iterator[Thing]:
    if slot != REPORTER:
        return
    for what in OF_CASE:
        if words := words_on(case, what):
            yield Thing(what, case.reported_at, words)


def words_on(case: Case, what: What) -> str:
    """Whether this field has text; a point on the map may have come without a description."""
    words = str(getattr(case, what))
    if not words and what is What.PLACE and case.point is not None:
        return f"{case.point.latitude}, {case.point.longitude}"
    return words


# The act by which an officer changes the texts of a case.
REWORD = "amend"


def reworded_at(case: Case, key: str) -> datetime | None:
    """Return when an officer last changed the texts of the case: they are not only the
    reporter's then.
    """
    if what_of(key) not in OF_CASE:
        return None
    entries = Entry.objects.filter(chain__subject=case.subject, act=REWORD)
    return entries.order_by("-seq").values_list("at", flat=True).first()


def _said(case: Case, slot: str) -> list[Thing]:
    """Return additions and answers; and what came by a code from a desk, once it was decided."""
    own = Message.objects.filter(case=case, slot=slot, kind__in=Message.FROM_PERSON)
    parts = [Thing(What.MESSAGE, row.said_at, row.text, row.pk) for row in own if row.text]
    held = HeldAct.objects.filter(case=case, code__slot=slot, decided_at__isnull=False)
    parts += [
        Thing(What.HELD, row.held_at, words, row.pk) for row in held if (words := said_in(row))
    ]
    return sorted(parts, key=lambda each: (each.told_at, each.key))


def said_in(row: HeldAct) -> str:
    """Return the text of a held act."""
    return "\n".join(text for text in row.said.values() if isinstance(text, str) and text)


def _ratings(case: Case, slot: str) -> list[Thing]:
    if slot != REPORTER:
        return []
    rows = Rating.objects.filter(case=case).exclude(words="").order_by("rated_at", "pk")
    return [Thing(What.RATING, row.rated_at, row.words, row.pk) for row in rows]


def _photos(case: Case, slot: str) -> list[Thing]:
    rows = Evidence.objects.filter(case=case, slot=slot, added_by=None).order_by("pk")
    return [
        Thing(
            What.PHOTO, row.added_at, row=row.pk,
            is_document=row.file.kind == StoredFile.Kind.DOCUMENT, name=row.file.own_name,
        )
        for row in rows.select_related("file")
    ]  # fmt: skip


# --------------------------------------------------------------- what was asked
def asked(case: Case, slot: str) -> list[Amendment]:
    """Return every request with this code, oldest first."""
    rows = Amendment.objects.filter(case=case, slot=slot).select_related("clock", "unit")
    return list(rows.order_by("asked_at", "pk"))


def on(case: Case) -> list[Amendment]:
    """Return every request about the case, for the office."""
    if not queries.has(case, "amendments"):
        return []
    rows = Amendment.objects.filter(case=case).select_related("clock", "unit", "decided_by")
    return list(rows.order_by("asked_at", "pk"))


def open_on(case: Case, slot: str, key: str) -> Amendment | None:
    rows = Amendment.objects.filter(case=case, slot=slot, thing=key)
    return rows.filter(decided_at=None, withdrawn_at=None).first()


# ------------------------------------------------------------------- who decides
def deciders(case: Case, now: datetime) -> list[User]:
    """Return who is notified: the nearest unit, from the responsible one upwards, with a
    coordinator who has not worked on the case.
    """
    about = stands.solvers(case)
    for path in (case.owner.path, *routing.above(case.owner.path)):
        holders = answering.holders(case, [path], rules.DECIDERS, now)
        if found := [member for member in holders if member.pk not in about]:
            return found
    return []


def require_decider(given: Amendment, case: Case, actor: User, now: datetime) -> Unit:
    """Return the unit from which the officer decides; never an officer whom it may be about."""
    if queries.is_shut_to(actor, case, now):
        raise NotAllowed
    seats = [
        seat
        for seat in access.settled_seats(actor, now)
        if seat.powers & rules.DECIDERS and seat.reaches(case.owner)
    ]
    if not seats:
        raise NotAllowed
    about = {given.handled_by_id, *stands.solvers(case)}
    if about & access.same_person(actor, case.round_at, now):
        raise SamePerson
    return max(seats, key=lambda seat: len(seat.unit.path)).unit


def may_decide(given: Amendment, case: Case, actor: User, now: datetime) -> bool:
    try:
        require_decider(given, case, actor, now)
    except (NotAllowed, SamePerson):
        return False
    return True
