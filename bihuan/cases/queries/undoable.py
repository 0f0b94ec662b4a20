"""Which acts on a case can still be undone."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.db.models import Q

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case, UndoableAct
from bihuan.core import undoing
from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.orgs.models import User

# The name of the act of undoing.
UNDO = "undo"


def last(case: Case, user: User, now: datetime) -> UndoableAct | None:
    """Return the act on the case that this officer may undo now, if there is one."""
    if not queries.has(case, "undoable"):
        return None
    mine = UndoableAct.objects.filter(
        case=case, member=user, undone_at=None, until_at__gte=now
    ).order_by("seq")
    made = mine.last()
    if made is None:
        return None
    row = kinds.of(case).lifecycle.transition(made.move)
    try:
        undoing.require(made.made, row, queries.person(user, now), since(made), now)
    except Refusal:
        return None
    return made


def since(made: UndoableAct) -> list[int]:
    """Return the numbers of the later acts of people on the case that have not been undone.

    What time caused (a clock that ran out) is not an act. Acts of the public have no actor, but
    are acts.
    """
    over = UndoableAct.objects.filter(case=made.case_id, seq__gt=made.seq, undone_at__isnull=False)
    undone = {seq for pair in over.values_list("seq", "undo_seq") for seq in pair}
    people = Q(actor__isnull=False) | Q(detail__contains='"by_reporter"')
    later = Entry.objects.filter(people, chain__subject=made.case.subject, seq__gt=made.seq)
    return [seq for seq in later.values_list("seq", flat=True) if seq not in undone]


def waiting(case: Case, now: datetime) -> frozenset[int]:
    """Return the numbers of the acts on the case that can still be undone: the public is not
    informed of them yet.
    """
    acts = UndoableAct.objects.filter(case=case, undone_at=None, until_at__gte=now)
    return frozenset(acts.values_list("seq", flat=True))


def as_shown(case: Case, now: datetime) -> Case:
    """Return a copy of the case at the stage of which the public has been informed."""
    shown = copy(case)
    acts = UndoableAct.objects.filter(case=case, undone_at=None, until_at__gte=now)
    if first := acts.order_by("seq").first():
        shown.stage = first.old_stage or case.stage
    return shown


def undone_among(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the acts that these entries of one case undo."""
    return frozenset(entry.details["undone"] for entry in entries if entry.act == UNDO)


def undone_after(case: Case, seq: int) -> frozenset[int]:
    """Return the same of the entries from this number on."""
    later = Entry.objects.filter(chain__subject=case.subject, act=UNDO, seq__gte=seq)
    return undone_among(later)
