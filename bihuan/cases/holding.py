"""Whether a case is on hold for a court, an audit or an inquiry, and who may know: a higher app
registers the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bihuan.cases.models import Case
from bihuan.orgs.actions.steps import lock_lines
from bihuan.orgs.models import User

IsHeld = Callable[[Case], bool]
IsKnown = Callable[[Case, User, datetime], bool]
_registered: list[tuple[IsHeld, IsKnown]] = []


def register(is_held: IsHeld, is_known: IsKnown) -> None:
    _registered.append((is_held, is_known))


def is_held_for_good(case: Case) -> bool:
    """Whether it is on hold; no hold on a unit above it can be placed until the transaction ends.

    To be called, with the case locked, before anything irreversible.
    """
    lock_units([case])
    return is_held(case)


def lock_units(cases: Iterable[Case]) -> None:
    """Prevent holds on the units of these cases until the transaction ends."""
    lock_lines(unit for case in cases for unit in (case.owner_id, case.origin_id))


def is_held(case: Case) -> bool:
    """Whether it is on hold, or a sub-case that copied its texts is."""
    parts = Case.objects.filter(parent=case)
    return any(asked(case) for asked, _ in _registered) or any(map(is_held, parts))


def is_known_to(user: User, case: Case, now: datetime) -> bool:
    """Whether it is on hold, and this officer, who sees the case, may know it."""
    return any(asked(case, user, now) for _, asked in _registered)
