"""Which acts on a case can still be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case, UndoableAct
from bihuan.core import undoing
from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.orgs.models import User

# The name of the act of undoing.
UNDO = "undo"
# Entries of an officer that change nothing of the case.
NO_ACTS = ("turn_photo",)


def last(case: Case, user: User, now: datetime) -> UndoableAct | None:
    """Return the act on the case that this officer may undo now, if there is one."""
    if not queries.has(case, "undoable"):
        return None
    mine = acts(case).filter(member=user, undone_at=None, until_at__gte=now)
    made = mine.order_by("seq").last()
    if made is None:
        return None
    row = kinds.of(case).lifecycle.transition(made.move)
    person = queries.person(user, now)
    try:
        undoing.require(made.made, row, person, now, is_followed=made.is_followed)
    except Refusal:
        return None
    return made


def acts(case: Case) -> QuerySet[UndoableAct]:
    """Return the acts that may be undone, with whether a later act of a person follows each.

    What time caused (a clock that ran out) is not an act. Acts of the public have no actor, but
    are acts. One that was undone does not count, nor does its undo.
    """
    later = made_by_people(case).filter(seq__gt=OuterRef("seq"))
    asked = {"is_followed": Exists(later)}
    return UndoableAct.objects.filter(case=case).annotate(**asked)


def made_by_people(case: Case) -> QuerySet[Entry]:
    """Return the entries of acts that people made, not time, and that were not undone."""
    number = OuterRef("seq")
    undone = UndoableAct.objects.filter(
        Q(seq=number) | Q(undo_seq=number), case=case, undone_at__isnull=False
    )
    people = Q(actor__isnull=False) | Q(detail__contains='"by_reporter"')
    entries = Entry.objects.filter(people, chain__subject=case.subject)
    return entries.exclude(act__in=NO_ACTS).exclude(Exists(undone))


def undone_among(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the acts that these entries of one case undo."""
    return frozenset(entry.details["undone"] for entry in entries if entry.act == UNDO)


def undone_after(case: Case, seq: int) -> frozenset[int]:
    """Return the same of the entries from this number on."""
    later = Entry.objects.filter(chain__subject=case.subject, act=UNDO, seq__gte=seq)
    return undone_among(later)
