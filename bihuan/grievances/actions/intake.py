"""What a clerk takes down for somebody who calls, writes or comes: read back, then taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from bihuan.cases.actions.evidence import Upload
from bihuan.cases.actions.takers import TAKERS
from bihuan.cases.models import Case
from bihuan.core import procedure, routing
from bihuan.grievances.models import Category
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.receipts import sides
from bihuan.receipts.accounts import Account, IntakeResult
from bihuan.receipts.actions import intake


@dataclass(frozen=True)
class IntakeStatement:
    """What was told to the clerk, and what the person wishes."""

    kind: str
    account: Account
    category: Category | None = None
    wants_paper: bool = False
    may_publish: bool = False

    @property
    def is_accusation(self) -> bool:
        """Whoever complains of a unit or an officer is heard by those above them (PET-20)."""
        return bool(self.account.about_units or self.account.about_officers)


@dataclass(frozen=True)
class Destination:
    """Where it would go, and whether the clerk still sees it there."""

    unit: Unit
    stays_in_sight: bool


def kinds_taken() -> list[str]:
    """The kinds that can be taken in at the desk, in their usual order."""
    able = set(sides.receiving())
    return [kind for kind in Case.Kind.values if kind in able]


def destination(*, told: IntakeStatement, actor: User, now: datetime) -> Destination:
    """What the clerk is told before it is made."""
    unit = intake.route(told.account, now)
    if not told.is_accusation:
        return Destination(unit, stays_in_sight=True)
    seats = access.seats(actor, localdate(now))
    about = [each.path for each in told.account.about_units]
    takes = any(seat.unit == unit and seat.powers & TAKERS for seat in seats)
    shut = actor in told.account.about_officers or any(
        routing.is_shut_out(seat.unit.path, about) for seat in seats
    )
    return Destination(unit, stays_in_sight=takes and not shut)


def take(
    *,
    told: IntakeStatement,
    form_key: str,
    actor: User,
    now: datetime,
    photos: Sequence[Upload] = (),
) -> IntakeResult:
    """Make the case; the same form sent twice gives the same one."""
    receive = sides.of(told.kind).receive
    if receive is None:
        raise LookupError(told.kind)
    return receive(
        account=_account(told),
        form_key=form_key,
        now=now,
        photos=photos,
        actor=actor,
        **_own(told),
    )


def _account(told: IntakeStatement) -> Account:
    category = told.category.name if told.category else ""
    confidential = told.is_accusation
    return replace(told.account, category=category, is_confidential=confidential)


def _own(told: IntakeStatement) -> dict[str, Any]:
    """What only this kind of case asks."""
    if told.kind == Case.Kind.GRIEVANCE:
        way = _confidential_way() if told.is_accusation else ""
        return {"category": told.category, "way": way, "wants_paper": told.wants_paper}
    if told.kind == Case.Kind.SUGGESTION:
        return {"category": told.category, "may_publish": told.may_publish}
    return {}


def _confidential_way() -> str:
    ways = procedure.named(settings.PROCEDURE).ways.values()
    return next((way.id for way in ways if way.confidential), "")
