"""Notices about breaches: to those who keep the register, and to leaders who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bihuan.breaches import queries
from bihuan.breaches.models import Breach
from bihuan.core.powers import Power
from bihuan.notices.actions import Telling, tell_many
from bihuan.orgs.models import User
from bihuan.orgs.queries import holders

# A leader is notified that a report is overdue, but does not see the register.
TO_LEADERS = "breach-overdue"


def tell_keepers(breach: Breach, what: str, cause: str, now: datetime, *, but: User | None) -> None:
    """Notify those who can act on it, except the officer who just did."""
    members = [each for each in queries.keepers(breach.unit, now) if each != but]
    _tell(breach, members, what, cause, now)


def tell_checkers(
    breach: Breach, what: str, cause: str, now: datetime, *, but: User | None
) -> None:
    """Notify those who can review it: another administrator, or the substitutes if there is
    none.
    """
    members = [each for each in queries.checkers(breach, now) if each != but]
    _tell(breach, members, what, cause, now)


def tell_auditors(breach: Breach, what: str, cause: str, now: datetime) -> None:
    paths = [breach.unit.path, *breach.unit.paths_above()]
    _tell(breach, holders(paths, [Power.AUDIT], now), what, cause, now)


def of_office(breach: Breach, path: str, what: str, cause: str, now: datetime) -> list[Telling]:
    """Notify exactly this unit that it is overdue: who keeps or audits the register, and the
    leaders.
    """
    readers = holders([path], queries.READERS, now)
    leaders = holders([path], queries.LEADERS, now)
    others = [each for each in leaders if each not in readers]
    to_leaders = replace(
        of_breach(breach, others, what, cause), subject=f"{TO_LEADERS}/{breach.number}"
    )
    return [of_breach(breach, readers, what, cause), to_leaders]


def of_breach(breach: Breach, members: Iterable[User], what: str, cause: str) -> Telling:
    return Telling(
        members,
        subject=breach.subject,
        what=what,
        cause=f"{breach.subject}/{cause}",
        detail={"unit": breach.unit.name},
    )


def _tell(breach: Breach, members: Iterable[User], what: str, cause: str, now: datetime) -> None:
    tell_many([of_breach(breach, members, what, cause)], now=now)
