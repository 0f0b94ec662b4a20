"""Comments on the timeline and steps of the work, for every kind of case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import evidence
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Case
from bihuan.orgs.models import User


@transaction.atomic
def comment(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Add a comment to the timeline."""
    return finish(
        begin(case=case, move="comment", actor=actor, now=now, note=note, version=version)
    )


@transaction.atomic
def record_step(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    photos: Sequence[Upload] = (),
    is_shown: bool = False,
    version: int | None = None,
) -> Case:
    """Record a step of the work; photos of the finished work count as evidence after the fix."""
    act = begin(case=case, move="record_step", actor=actor, now=now, note=note, version=version)
    evidence.keep_in(act, photos, "after", is_shown=is_shown)
    return finish(act)
