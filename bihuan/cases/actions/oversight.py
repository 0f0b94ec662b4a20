"""Notify the supervisors when a unit decides in its own favour."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.cases import answering, kinds, queries
from bihuan.cases.actions.loop import OfficeAct
from bihuan.core import routing
from bihuan.core.lifecycle import SharedReach, Situation, reaches
from bihuan.core.powers import Power
from bihuan.notices.actions import tell

SUPERVISORS = frozenset({Power.SUPERVISE, Power.APPROVE})


def is_from_above(act: OfficeAct) -> bool:
    """Whether the officer acts from above the unit that fixes and the one its deadline binds."""
    return reaches(act.unit.path, SharedReach.DEADLINE, queries.situation(act.case))


def tell_above(act: OfficeAct, what: str) -> None:
    """Send one notice to each supervising officer of the nearest level above that has any.

    At the topmost unit, its own officers are notified, except the actor. A further level
    that oversees the case is notified as well.
    """
    if is_from_above(act):
        return
    case = act.case
    overseen_by = kinds.of(case).look(case).overseen_by
    further = [overseen_by] if overseen_by else []
    told = answering.holders(case, further, SUPERVISORS, act.now)
    for path in _levels(queries.situation(case)):
        near = answering.holders(case, [path], SUPERVISORS, act.now)
        near = [member for member in near if member != act.actor]
        if near:
            told += near
            break
    tell(
        [member for member in dict.fromkeys(told) if member != act.actor],
        subject=case.subject,
        what=what,
        cause=f"{what}/{case.number}/{case.version}",
        now=act.now,
        detail={"unit": act.unit.name, "title": case.title},
    )


def _levels(case: Situation) -> Iterator[str]:
    """Return the paths above the unit that fixes and the one that is bound, nearest first."""
    yield from (
        path for path in routing.above(case.owner) if reaches(path, SharedReach.DEADLINE, case)
    )
    yield case.bound or case.owner
