"""Where a complaint may go: never to whom it is about, nor to anybody below (PET-20)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bihuan.core.refusal import Refusal


class NoUnitAbove(Refusal):
    """Nobody here stands above those complained of: the level above has to be told."""


class ShutOut(Refusal):
    """A case is given to nobody who is complained of in it, or has an interest of their own."""


def above(path: str) -> list[str]:
    """The paths of the units over this one, the nearest first."""
    steps = path.rstrip("/").split("/")[:-1]
    return ["/".join(steps[:n]) + "/" for n in range(len(steps), 0, -1)]


def is_shut_out(path: str, complained_of: Collection[str]) -> bool:
    """Whether the unit is complained of, or lies below one that is."""
    return any(path.startswith(unit) for unit in complained_of)


def owner(
    origin: str,
    complained_of: Collection[str],
    *,
    can_take: Callable[[str], bool],
    all_are_shut: Callable[[str], bool],
) -> str:
    """The unit that takes it: the one it came to where that stands above all that are complained
    of, else the lowest that does.

    `can_take` says of a unit whether somebody there has the power to take it up, and
    `all_are_shut` whether everybody who has it is shut out of the case: then it goes above.
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
    """The units that confirm what was entered at a desk: over the one that answers for the case,
    and neither that desk nor below it, the nearest first.

    Above the topmost unit there is nobody; then that one itself, by somebody else.
    """
    over = above(owner) or [owner]
    return [path for path in over if not desk or not path.startswith(desk)] or over
