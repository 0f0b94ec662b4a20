"""Propose cases for disposal, confirm them as a second officer, and withdraw the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.core.retention import Entry
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.retention import queries
from bihuan.retention.actions import removal
from bihuan.retention.models import Disposal, Item
from bihuan.retention.refusals import Decided, NothingDue

PROPOSE, CONFIRM, WITHDRAW = "propose_disposal", "confirm_disposal", "withdraw_disposal"
# Maximum number on one list, so that two people can check it; the rest is put on another.
MOST = 5_000


@transaction.atomic
def propose(
    *, unit: Unit, entry: Entry, year: int, reason: str, actor: User, now: datetime
) -> Disposal:
    """List the cases of that retention class and year that need not be kept any longer."""
    _require(actor, Power.COORDINATE, unit, now)
    listed = queries.schedule()
    found = queries.seen(actor, unit, now).filter(
        queries.disposable(entry, listed, now), queries.ended_in(year), queries.not_listed()
    )
    cases = list(found.order_by("ended_at", "pk").values_list("pk", "number")[:MOST])
    if not cases:
        raise NothingDue
    row = Disposal.objects.create(
        unit=unit,
        retention=entry.id,
        retention_list=queries.named(listed),
        year=year,
        reason=reason,
        proposed_by=actor,
        proposed_at=now,
    )
    _put_on(row, [pk for pk, _ in cases])
    detail = {
        "unit": unit.code,
        "retention": entry.id,
        "retention_list": row.retention_list,
        "year": year,
        **_of_numbers(number for _, number in cases),
    }
    record(row.subject, PROPOSE, by=actor, at=now, note=reason, detail=detail)
    tell(
        queries.confirmers(row, now),
        subject=row.subject,
        what="proposed",
        cause=f"{row.subject}/proposed",
        now=now,
        detail={"unit": unit.name, "year": year},
    )
    return row


def _put_on(row: Disposal, cases: Iterable[int]) -> None:
    """Put these cases on the list; refuse if another list with them was created concurrently."""
    try:
        with transaction.atomic():
            Item.objects.bulk_create(Item(disposal=row, case_id=pk) for pk in cases)
    except IntegrityError:
        raise NothingDue from None


@transaction.atomic
def confirm(*, row: Disposal, actor: User, now: datetime) -> Disposal:
    """Confirm as a second officer; cases that this officer may not see, or that must be kept
    now, drop out.
    """
    row = _locked(row)
    if row.confirmed_at or row.withdrawn_at:
        raise Decided
    _require(actor, Power.APPROVE, row.unit, now)
    if row.proposed_by_id in access.same_person(actor, row.proposed_at, now):
        raise SamePerson
    listed = queries.schedule()
    entry = listed.entry(row.retention)
    agreed = queries.seen(actor, row.unit, now)
    agreed = agreed.filter(queries.disposable(entry, listed, now)) if entry else agreed.none()
    # Check only those on the list, never all cases due: there may be a million.
    on_it = list(row.items.values_list("case", flat=True))
    agreed_on = agreed.filter(pk__in=on_it).values_list("pk", flat=True)
    row.items.filter(case__in=set(on_it) - set(agreed_on)).delete()
    numbers = list(row.items.order_by("pk").values_list("case__number", flat=True))
    if not numbers:
        raise NothingDue
    row.confirmed_by, row.confirmed_at = actor, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(row.subject, CONFIRM, by=actor, at=now, detail=_of_numbers(numbers))
    return row


@transaction.atomic
def withdraw(*, row: Disposal, note: str, actor: User, now: datetime) -> Disposal:
    """Withdraw what is left of the list; its cases are kept, and may be proposed again."""
    row = _locked(row)
    if row.withdrawn_at or row.done_at:
        raise Decided
    if not may_withdraw(row, actor, now):
        raise NotAllowed(Power.COORDINATE)
    row.items.all().delete()
    removal.forget_notices(row)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    record(row.subject, WITHDRAW, by=actor, at=now, note=note, detail={"gone": row.cases_gone})
    return row


def may_withdraw(row: Disposal, user: User, now: datetime) -> bool:
    powers = (Power.COORDINATE, Power.APPROVE, Power.AUDIT)
    return any(access.has(user, power, unit=row.unit, now=now) for power in powers)


def _of_numbers(numbers: Iterable[str]) -> dict[str, object]:
    """Return the number of cases and a digest of their numbers: the list itself is deleted with
    them.
    """
    given = sorted(numbers)
    return {"count": len(given), "digest": sha256("\n".join(given).encode()).hexdigest()}


def _require(actor: User, power: Power, unit: Unit, now: datetime) -> None:
    """Require a post that is in effect, as for unsealing."""
    if not any(unit.is_within(top) for top in queries.reach(actor, power, now)):
        raise NotAllowed(power)


def _locked(row: Disposal) -> Disposal:
    # Do not lock the related units and officers: other transactions may be changing those.
    return Disposal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)
