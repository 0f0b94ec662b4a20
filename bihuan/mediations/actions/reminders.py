"""Reminders to the parties of the end of the usual time, and of the time for going to court."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from bihuan.cases.models import CASE_SUBJECT, Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core.mediation import ASKED_BEFORE, REMINDED_BEFORE
from bihuan.journal.actions import record
from bihuan.mediations.models import Party
from bihuan.mediations.queries import COURT, USUAL_TIME
from bihuan.receipts.actions.public import deliver
from bihuan.receipts.models import Message

# The clock, how long before its end, and the text for the parties.
REMINDERS: tuple[tuple[str, timedelta, str], ...] = (
    (USUAL_TIME, ASKED_BEFORE, "go_on_asked"),
    (COURT, REMINDED_BEFORE, "court_soon"),
)
# Parties that were not reminded in time, because no worker ran, are not reminded afterwards.
LATEST = timedelta(days=1)


def remind(*, now: datetime) -> int:
    """Remind every party of what ends soon, once for each end; return the number of parties."""
    return sum(
        _remind(clock, what, now)
        for rule_id, before, what in REMINDERS
        for clock in _ending(rule_id, before, now)
    )


def _ending(rule_id: str, before: timedelta, now: datetime) -> Iterator[Clock]:
    soon = Clock.objects.filter(
        rule_id=rule_id, stopped_at=None, due_at__range=(now - LATEST, now + before)
    )
    yield from soon.order_by("due_at", "pk")


@transaction.atomic
def _remind(clock: Clock, what: str, now: datetime) -> int:
    case = Case.objects.get(number=clock.subject.removeprefix(CASE_SUBJECT))
    slots = list(Party.objects.filter(mediation=case.pk).values_list("slot", flat=True))
    until = running.last_day(clock).in_text()
    count = sum(_tell(case, clock, slot, what, until, now) for slot in sorted(slots))
    if count:
        detail = {"rule": clock.rule_id, "until": until}
        record(clock.subject, "remind", by=None, at=now, detail=detail)
    return count


def _tell(case: Case, clock: Clock, slot: str, what: str, until: str, now: datetime) -> bool:
    """The key of the end and the party makes concurrent workers send it once."""
    message, made = Message.objects.get_or_create(
        form_key=uuid5(NAMESPACE_OID, f"{what}/{clock.pk}/{until}/{slot}"),
        defaults={
            "case": case,
            "slot": slot,
            "kind": Message.Kind.NOTICE,
            "what": what,
            "detail": {"until": until},
            "said_at": now,
        },
    )
    if made:
        deliver(message, now)
    return made
