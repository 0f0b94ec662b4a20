"""Undo an act on a case: everything it changed is as before, and the journal records both."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases import kinds, outside, queries
from bihuan.cases.actions import clocks, loop, snapshots
from bihuan.cases.models import Case, Evidence, UndoableAct
from bihuan.cases.queries import undoable
from bihuan.clocks.models import Clock
from bihuan.core import lifecycle, undoing
from bihuan.core.refusal import NotAllowed
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.notices import actions as notices
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import User
from bihuan.orgs.refusals import PostEnded

UNDO = undoable.UNDO


@transaction.atomic
def undo(*, case: Case, seq: int, actor: User, now: datetime) -> Case:
    """Undo the act with this number in the journal of the case.

    Clocks that it started are removed and those that it stopped run on; its notices to officers
    are deleted, and its messages to the public are never sent. Its evidence stays, for the office.
    """
    _lock_parent(case)
    now_is = loop.locked(case)
    if queries.is_shut_to(actor, now_is, now):
        raise NotAllowed
    made = undoable.acts(now_is).filter(seq=seq).first()
    if made is None:
        raise undoing.UndoTooLate
    row = kinds.of(now_is).lifecycle.transition(made.move)
    person = queries.person(actor, now)
    undoing.require(made.made, row, person, now, is_followed=made.is_followed)
    snapshots.restore(made.before)
    restored = loop.locked(now_is)
    # As at the act: a post may have been left since, or a stand-in may have ended.
    seen = queries.situation(restored)
    lifecycle.require_in_reach(kinds.of(now_is).lifecycle, row, seen, person)
    _require_as_before_possible(now_is, restored, now)
    _take_back(made, restored, now)
    clocks.refresh_due(restored)
    restored.version = now_is.version + 1
    restored.save(update_fields=["due_at", "is_due_provisional", "version"])
    _journal(made, now_is, restored, actor, now)
    return restored


def _lock_parent(case: Case) -> None:
    """The case that this one is a part of is not closed meanwhile."""
    if case.parent_id is not None:
        Case.objects.select_for_update().values_list("pk").get(pk=case.parent_id)


def _require_as_before_possible(now_is: Case, restored: Case, now: datetime) -> None:
    """Refuse if the organisation, or the whole of which it is a part, has changed since."""
    if now_is.ended_at and not restored.ended_at:
        parent = restored.parent_id and Case.objects.get(pk=restored.parent_id)
        if parent and parent.ended_at is not None:
            raise undoing.ActedSince
    queries.require_may_hold(restored, now)
    if restored.ended_at is None:
        require_open(restored.owner)
        if restored.post is not None and restored.post.end_date is not None:
            raise PostEnded


def _take_back(made: UndoableAct, restored: Case, now: datetime) -> None:
    """Delete its notices and messages; officers who read one already are notified of the undo."""
    started = snapshots.deleted(made.before, Clock)
    notices.take_back_causes(restored.number, [f"{clock}/" for clock in started])
    knew = notices.take_back(restored.number, told_at=made.made_at)
    notices.tell(
        knew,
        subject=restored.subject,
        what=UNDO,
        cause=f"{UNDO}/{restored.number}/{made.seq}",
        now=now,
        detail={"title": restored.title},
    )
    outside.take_back(restored, made.made_at)
    # Who follows the case by a code no longer sees its photos.
    brought = Evidence.objects.filter(
        case=restored, added_at=made.made_at, added_by=made.member_id, slot=""
    )
    brought.update(shown_to=Evidence.Audience.OFFICE)


def _journal(made: UndoableAct, now_is: Case, restored: Case, actor: User, now: datetime) -> None:
    entry = Entry.objects.get(chain__subject=restored.subject, seq=made.seq)
    detail = {"undone": made.seq, "undone_act": made.move, "unit": entry.details.get("unit", "")}
    if now_is.stage != restored.stage:
        detail |= {"from": now_is.stage, "to": restored.stage}
    written = record(
        restored.subject,
        UNDO,
        by=actor,
        at=now,
        before={"stage": now_is.stage},
        after={"stage": restored.stage},
        detail=detail,
    )
    made.undone_at, made.undo_seq = now, written.seq
    made.save(update_fields=["undone_at", "undo_seq"])


def settle(*, now: datetime) -> int:
    """Delete what is stored of acts that can no longer be undone; return their number."""
    return UndoableAct.objects.filter(until_at__lt=now).delete()[0]
