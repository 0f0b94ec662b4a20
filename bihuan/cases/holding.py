"""Whether a case is held back for a court, an audit or an inquiry: a higher app knows, and says
so here when it is ready."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.cases.models import Case

IsHeld = Callable[[Case], bool]
_registered: list[IsHeld] = []


def register(is_held: IsHeld) -> None:
    _registered.append(is_held)


def is_held(case: Case) -> bool:
    """Whether it is, or a part that was split off it and took its words over."""
    parts = Case.objects.filter(parent=case)
    return any(asked(case) for asked in _registered) or any(map(is_held, parts))
