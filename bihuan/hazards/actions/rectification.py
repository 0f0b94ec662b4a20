"""The fix: start, steps, interim controls, submission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.cases.actions import clocks, evidence, loop
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import Move
from bihuan.core.lifecycle import SharedFact
from bihuan.core.refusal import Missing
from bihuan.hazards.actions.dates import DeadlinePast
from bihuan.hazards.models import Control
from bihuan.orgs.models import Post, User


@transaction.atomic
def start(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """Start the work."""
    return loop.finish(
        loop.begin(case=case, move=Move.START, actor=actor, now=now, note=note, version=version)
    )


@transaction.atomic
def submit(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    photos: Sequence[Upload] = (),
    is_shown: bool = False,
    version: int | None = None,
) -> Case:
    """Submit the finished work for verification by another officer, with evidence (HAZ-8); after a
    return, with evidence from since then.
    """
    brought = frozenset({SharedFact.AFTER_EVIDENCE}) if photos else frozenset()
    act = loop.begin(
        case=case,
        move=Move.SUBMIT,
        actor=actor,
        now=now,
        note=note,
        version=version,
        brought=brought,
    )
    evidence.require_new(act, evidence.keep_in(act, photos, "after", is_shown=is_shown))
    act.change(act.case, resolved_by=actor, resolved_unit=act.unit)
    act.change(act.case.hazard, progress=act.note, submitted_at=now)
    act.case.hazard.save(update_fields=["progress", "submitted_at"])
    return loop.finish(act)


@transaction.atomic
def add_control(
    *,
    case: Case,
    actor: User,
    now: datetime,
    what: str,
    post: Post,
    expiry_date: date,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Add an interim control until the fix: the measure, its owner, and its expiry."""
    act = loop.begin(
        case=case, move=Move.ADD_CONTROL, actor=actor, now=now, note=note, version=version
    )
    if not legible.has_words(what):
        raise Missing("what")
    if expiry_date < running.local_date(now):
        raise DeadlinePast
    clock = clocks.start(act.case, "LOC-7", now, due_date=expiry_date)
    Control.objects.create(
        hazard=act.case.hazard,
        what=legible.clean(what),
        post=post,
        expiry_date=expiry_date,
        clock=clock,
        added_by=actor,
        added_at=now,
    )
    act.detail.update(what=legible.clean(what)[:200], post=str(post), until=expiry_date.isoformat())
    act.named.append(post)
    return loop.finish(act, starts=())


@transaction.atomic
def end_control(
    *,
    case: Case,
    actor: User,
    now: datetime,
    control: Control,
    note: str = "",
    version: int | None = None,
) -> Case:
    """End an interim control that is no longer needed."""
    act = loop.begin(
        case=case, move=Move.END_CONTROL, actor=actor, now=now, note=note, version=version
    )
    open_ones = Control.objects.filter(hazard__case=act.case, ended_at=None)
    ended = open_ones.select_related("clock").filter(pk=control.pk).first()
    if ended is None:
        raise Missing("control")
    _end(ended, now)
    act.detail["what"] = ended.what[:200]
    return loop.finish(act, stops=())


def end_all_controls(case: Case, now: datetime) -> None:
    """End every interim control of the hazard at its closure."""
    for control in Control.objects.select_related("clock").filter(hazard__case=case, ended_at=None):
        _end(control, now)


def _end(control: Control, now: datetime) -> None:
    control.ended_at = now
    control.save(update_fields=["ended_at"])
    running.stop(control.clock, now)
