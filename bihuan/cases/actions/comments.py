"""A word on the timeline, whatever the kind of case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Case
from bihuan.orgs.models import User


@transaction.atomic
def comment(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Leave a word on the timeline."""
    return finish(
        begin(case=case, move="comment", actor=actor, now=now, note=note, version=version)
    )
