"""Intake by a clerk for a person who calls, writes or comes: read back, then recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.timezone import localdate

from bihuan.cases import kinds
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.actions.recipients import TAKERS
from bihuan.core import routing
from bihuan.grievances.models import Category
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.receipts import sides
from bihuan.receipts.accounts import Account, Intake, IntakeResult
from bihuan.receipts.actions import intake


@dataclass(frozen=True)
class IntakeStatement:
    """What the person said to the clerk, and what they wish."""

    kind: str
    account: Account
    category: Category | None = None
    wants_paper: bool = False
    may_publish: bool = False

    @property
    def is_accusation(self) -> bool:
        """Whether it is a complaint about a unit or an officer, which goes to those above them
        (PET-20).
        """
        return bool(self.account.about_units or self.account.about_officers)


@dataclass(frozen=True)
class Destination:
    """Where it would go, and whether the clerk can still see it there."""

    unit: Unit
    stays_in_sight: bool


def kinds_taken() -> list[str]:
    """Return the kinds that can be recorded at the desk, in their usual order."""
    able = set(sides.receiving())
    return [kind for kind, _label in kinds.choices() if kind in able]


def destination(*, statement: IntakeStatement, actor: User, now: datetime) -> Destination:
    """Return what the clerk is shown before the case is created."""
    unit = intake.route(statement.account, now)
    if not statement.is_accusation:
        return Destination(unit, stays_in_sight=True)
    seats = access.seats(actor, localdate(now))
    about = [each.path for each in statement.account.about_units]
    own = access.own_seats(actor, localdate(now))
    takes = any(seat.unit == unit and seat.powers & TAKERS for seat in own)
    shut = actor in statement.account.about_officers or any(
        routing.is_shut_out(seat.unit.path, about) for seat in seats
    )
    return Destination(unit, stays_in_sight=takes and not shut)


def take(
    *,
    statement: IntakeStatement,
    form_key: str,
    actor: User,
    now: datetime,
    photos: Sequence[Upload] = (),
) -> IntakeResult:
    """Create the case; the same form sent twice returns the same one."""
    return sides.receive(
        statement.kind,
        Intake(
            account=_account(statement),
            form_key=form_key,
            now=now,
            photos=photos,
            actor=actor,
            subject=statement.category,
            is_accusation=statement.is_accusation,
            wants_paper=statement.wants_paper,
            may_publish=statement.may_publish,
        ),
    )


def _account(statement: IntakeStatement) -> Account:
    category = statement.category.name if statement.category else ""
    confidential = statement.is_accusation
    return replace(statement.account, category=category, is_confidential=confidential)
