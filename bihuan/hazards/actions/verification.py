"""The second pair of eyes: verify or return, close, re-check."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import evidence, loop
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import Move
from bihuan.hazards.actions import listing, notification
from bihuan.hazards.actions.rectification import end_all_controls
from bihuan.orgs.models import User


@transaction.atomic
def verify(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    photos: Sequence[Upload] = (),
    is_shown: bool = False,
    seen: Collection[str] | None = None,
    version: int | None = None,
) -> Case:
    """Verify on site that the fix is effective (HAZ-8).

    `seen` are the digests of the evidence of the fix that the officer was shown.
    """
    act = loop.begin(case=case, move=Move.VERIFY, actor=actor, now=now, note=note, version=version)
    evidence.require_seen(act.case, seen)
    evidence.keep_in(act, photos, "check", is_shown=is_shown)
    act.change(act.case, verified_by=actor, verified_unit=act.unit)
    act.change(act.case.hazard, verified_date=running.local_date(now))
    act.case.hazard.save(update_fields=["verified_date"])
    return loop.finish(act, starts=notification.with_promise(act, notification.FEED_BACK))


@transaction.atomic
def return_(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Return it with the reason; the deadline of the fix continues unchanged."""
    act = loop.begin(case=case, move=Move.RETURN, actor=actor, now=now, note=note, version=version)
    act.change(act.case, resolved_by=None, resolved_unit=None)
    act.change(act.case.hazard, submitted_at=None)
    act.case.hazard.save(update_fields=["submitted_at"])
    deadline = act.case.hazard.deadline_date or running.local_date(now)
    return loop.finish(act, due_dates={"HAZ-5": deadline})


@transaction.atomic
def close(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str = "",
    answer: str = "",
    seen: Collection[str] | None = None,
    version: int | None = None,
) -> Case:
    """Close it (销号); a listed hazard only by the level that listed it (HAZ-7).

    `answer` is the result that the reporter receives (HAZ-11), `seen` as in `verify`.
    """
    act = loop.begin(case=case, move=Move.CLOSE, actor=actor, now=now, note=note, version=version)
    evidence.require_seen(act.case, seen)
    act.change(act.case, closed_by=actor)
    end_all_controls(act.case, now)
    listing.end(act)
    notification.tell(act, "closed", legible.clean(answer))
    return loop.finish(act, stops=notification.without_promises(act))


@transaction.atomic
def recheck(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    photos: Sequence[Upload] = (),
    is_shown: bool = False,
    version: int | None = None,
) -> Case:
    """Re-check it after some time (回头看): the fix is still effective."""
    act = loop.begin(case=case, move=Move.RECHECK, actor=actor, now=now, note=note, version=version)
    evidence.keep_in(act, photos, "check", is_shown=is_shown)
    return loop.finish(act)
