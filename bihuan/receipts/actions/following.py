"""Reach the holders of a case's codes, for the shared loop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from bihuan.cases import gone
from bihuan.cases.models import Case
from bihuan.cases.outside import Outside
from bihuan.core.amending import AmendmentOutcome
from bihuan.receipts.actions.public import deliver, take_back
from bihuan.receipts.models import Amendment, Message, TrackingCode


def _is_followed(case: Case) -> bool:
    return TrackingCode.objects.filter(case=case).exists()


def _tell(case: Case, what: str, detail: Mapping[str, str], now: datetime) -> None:
    """Notify every holder of a code of the case; no list contains who they are."""
    for slot in TrackingCode.objects.filter(case=case).values_list("slot", flat=True):
        message = Message.objects.create(
            case=case,
            slot=slot,
            kind=Message.Kind.NOTICE,
            what=what,
            detail=dict(detail),
            said_at=now,
        )
        deliver(message, now)


def _reworded(cases: Collection[int]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = {}
    granted = Amendment.objects.filter(
        case__in=cases,
        thing__in=gone.WORDS,
        outcome__in=[AmendmentOutcome.GRANTED, AmendmentOutcome.PARTLY],
    )
    for case, thing in granted.values_list("case", "thing"):
        found.setdefault(case, set()).add(thing)
    return found


OUTSIDE = Outside(is_followed=_is_followed, tell=_tell, reworded=_reworded, take_back=take_back)
