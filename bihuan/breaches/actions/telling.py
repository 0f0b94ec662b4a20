"""Notices about breaches: to those who keep the register, and to leaders who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bihuan.breaches import queries
from bihuan.breaches.models import Breach
from bihuan.core.powers import Power
from bihuan.notices.actions import tell
from bihuan.orgs.models import User

# A leader hears that a report is overdue, and does not see the register.
TO_LEADERS = "breach-overdue"


def tell_keepers(breach: Breach, what: str, cause: str, now: datetime, *, but: User | None) -> None:
    """Tell those who can act on it, other than the officer who just did."""
    members = [each for each in queries.keepers(breach.unit, now) if each != but]
    _tell(breach, members, what, cause, now)


def tell_checkers(
    breach: Breach, what: str, cause: str, now: datetime, *, but: User | None
) -> None:
    """Tell those who can check it: another administrator, or who stands in where there is none."""
    members = [each for each in queries.checkers(breach, now) if each != but]
    _tell(breach, members, what, cause, now)


def tell_auditors(breach: Breach, what: str, cause: str, now: datetime) -> None:
    paths = [breach.unit.path, *breach.unit.paths_above()]
    _tell(breach, queries.holders(paths, [Power.AUDIT], now), what, cause, now)


def tell_office(breach: Breach, path: str, what: str, cause: str, now: datetime) -> None:
    """Tell this very unit that it is overdue: who keeps the register or audits, and the leaders."""
    readers = queries.holders([path], queries.READERS, now)
    _tell(breach, readers, what, cause, now)
    leaders = queries.holders([path], queries.LEADERS, now)
    others = [each for each in leaders if each not in readers]
    _tell(breach, others, what, cause, now, subject=f"{TO_LEADERS}/{breach.number}")


def _tell(
    breach: Breach,
    members: Iterable[User],
    what: str,
    cause: str,
    now: datetime,
    *,
    subject: str = "",
) -> None:
    tell(
        members,
        subject=subject or breach.subject,
        what=what,
        cause=f"{breach.subject}/{cause}",
        now=now,
        detail={"unit": breach.unit.name},
    )
