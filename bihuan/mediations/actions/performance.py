"""After the agreement: obligations are followed up until they are fulfilled or broken."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from bihuan.cases.actions import clocks
from bihuan.cases.actions.loop import MoveContext, begin, finish
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.mediation import Move
from bihuan.core.refusal import Missing
from bihuan.mediations import queries
from bihuan.mediations.actions.letters import tell_parties
from bihuan.mediations.models import Performance
from bihuan.orgs.models import User
from bihuan.receipts.models import Message


class PromiseOutcome(StrEnum):
    """The result of following up one obligation."""

    KEPT = "kept"
    BROKEN = "broken"
    LATER = "later"  # not yet: checked again on a day


@transaction.atomic
def note_performance(
    *,
    case: Case,
    actor: User,
    now: datetime,
    item: Performance,
    outcome: PromiseOutcome,
    record: str,
    again_date: date | None = None,
    version: int | None = None,
) -> Case:
    """Follow up one obligation (MED-7); if it is broken, inform the parties of the routes."""
    act = begin(case=case, move=Move.NOTE_PERFORMANCE, actor=actor, now=now, version=version)
    if not legible.has_words(record):
        raise Missing("record")
    found = _open(act.case, item)
    _note(act, found, outcome, legible.clean(record))
    if outcome is PromiseOutcome.LATER:
        _look_again(act, found, again_date)
    elif found.clock:
        running.stop(found.clock, now)
    found.save()
    if outcome is PromiseOutcome.BROKEN:
        tell_parties(act, "not_performed", kind=Message.Kind.LETTER)
    return finish(act)


def _open(case: Case, item: Performance) -> Performance:
    agreement = queries.on_table(case)
    waiting = queries.promised(agreement).filter(done_at=None) if agreement else None
    found = waiting.select_related("clock").filter(pk=item.pk).first() if waiting else None
    if found is None:
        raise Missing("performance")
    return found


def _note(act: MoveContext, item: Performance, outcome: PromiseOutcome, record: str) -> None:
    """The record is visible to the mediating unit only; the journal stores its digest."""
    note = "\n".join(filter(None, (item.note, f"{running.local_date(act.now)} {record}")))
    done = None if outcome is PromiseOutcome.LATER else act.now
    is_kept = {PromiseOutcome.KEPT: True, PromiseOutcome.BROKEN: False}.get(outcome)
    act.change(item, note=note, done_at=done, was_kept=is_kept)
    act.detail["outcome"] = outcome.value


def _look_again(act: MoveContext, item: Performance, on: date | None) -> None:
    if on is None or on < running.local_date(act.now):
        raise Missing("again_date")
    if item.clock:
        running.give_way(item.clock, act.now)
    item.clock = clocks.start(act.case, queries.FOLLOW_UP, act.now, due_date=on)
    act.detail["until"] = on.isoformat()


@transaction.atomic
def finish_case(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Close the mediation after every obligation was followed up."""
    act = begin(case=case, move=Move.FINISH, actor=actor, now=now, note=note, version=version)
    tell_parties(act, "finished", kind=Message.Kind.LETTER)
    return finish(act)
