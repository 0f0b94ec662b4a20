"""Notify the levels above of cases that an office's own ledger ended, once for each import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import EndedByLedger
from bihuan.core import routing
from bihuan.core.powers import Power
from bihuan.ledgers.actions.drafts import IMPORTERS
from bihuan.notices.actions import tell
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User

SUPERVISORS = frozenset({Power.SUPERVISE, Power.APPROVE})
ENDED = "import-ended"


def tell_above(batch: str, unit: Unit, actor: User | None, now: datetime) -> None:
    """Send one notice to each supervising officer of the nearest unit above who may know of some.

    At the topmost unit, its own supervising officers are notified, except the importing officer.
    """
    first = EndedByLedger.objects.filter(batch=batch).first()
    if first is None:
        return
    for level in _levels(unit, actor, now):
        counts = {member: _known(batch, member, now) for member in level}
        recipients = {member: count for member, count in counts.items() if count}
        for member, count in recipients.items():
            tell(
                [member],
                subject=f"endings/{batch}",
                what=ENDED,
                cause=f"endings/{batch}",
                now=now,
                detail={"unit": unit.name, "file": first.file, "count": count},
            )
        if recipients:
            return


def _known(batch: str, member: User, now: datetime) -> int:
    seen = queries.visible_to(member, now)
    return EndedByLedger.objects.filter(batch=batch, case__in=seen.values("pk")).count()


def _levels(unit: Unit, actor: User | None, now: datetime) -> Iterator[list[User]]:
    """Return the supervising officers of each unit above the ledger's unit, nearest first."""
    sender = _sender(unit, actor, now)
    paths = [*routing.above(sender), sender]
    held = Tenure.objects.in_force(localdate(now)).in_units(paths)
    tenures = list(held.select_related("post__unit", "member").order_by("pk"))
    for path in paths:
        able = {
            tenure.member: None
            for tenure in tenures
            if tenure.post.unit.path == path and SUPERVISORS & set(tenure.post.powers)
        }
        yield [member for member in able if member != actor]


def _sender(unit: Unit, actor: User | None, now: datetime) -> str:
    """Return the path of the unit from whose post the ledger was imported."""
    if actor is None:
        return unit.path
    seats = access.own_seats(actor, localdate(now))
    paths = [seat.unit.path for seat in seats if seat.powers & {*IMPORTERS} and seat.reaches(unit)]
    return max(paths, key=len, default=unit.path)
