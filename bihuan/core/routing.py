"""Conflict-aware routing: a complaint never goes to its subject or to a unit below it (PET-20)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bihuan.core.refusal import Refusal


class NoUnitAbove(Refusal):
    """No unit here is above those complained of: the level above must be informed."""


class ShutOut(Refusal):
    """A case cannot be assigned to a unit or person with an exclusion."""


def above(path: str) -> list[str]:
    """Return the paths of the units above this one, nearest first."""
    steps = path.rstrip("/").split("/")[:-1]
    return ["/".join(steps[:n]) + "/" for n in range(len(steps), 0, -1)]


def is_shut_out(path: str, complained_of: Collection[str]) -> bool:
    """Whether the unit is complained of, or is below one that is."""
    return any(path.startswith(unit) for unit in complained_of)


def owner(
    origin: str,
    complained_of: Collection[str],
    *,
    can_take: Callable[[str], bool],
    all_are_shut: Callable[[str], bool],
) -> str:
    """Return the unit that takes it: the receiving one if it is above all those complained of, else
    the lowest that is.

    `can_take` returns whether an officer of the unit has the power to take it up, and
    `all_are_shut` whether every such officer is excluded from the case: then it goes to a higher
    unit.
    """
    start = max(complained_of, key=len)
    if all(_stands_above(origin, unit) for unit in complained_of):
        if not all_are_shut(origin):
            return origin
        start = origin
    for path in above(start):
        if all(_stands_above(path, unit) for unit in complained_of) and can_take(path):
            return path
    raise NoUnitAbove


def _stands_above(path: str, unit: str) -> bool:
    return unit.startswith(path) and unit != path


def deciding(owner: str, desk: str) -> list[str]:
    """Return the units that confirm what was entered at a desk, nearest first: above the
    responsible unit, and neither that desk nor below it.

    Above the topmost unit there is none; then that unit itself, by another officer.
    """
    over = above(owner) or [owner]
    return [path for path in over if not desk or not path.startswith(desk)] or over
