"""Values that are calculated once per object and live as long as it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

O = TypeVar("O")  # noqa: E741 - the object
V = TypeVar("V")


class PerObject(Generic[O, V]):
    """`compute(owner)`, once for each owner: a loaded row or a request, not another copy of it.

    `name` distinguishes the values of one owner.
    """

    def __init__(self, name: str, compute: Callable[[O], V]) -> None:
        self._key, self._compute = f"_once_{name}", compute

    def __call__(self, owner: O) -> V:
        values = vars(owner)
        if self._key not in values:
            values[self._key] = self._compute(owner)
        value: V = values[self._key]
        return value

    def forget(self, owner: O) -> None:
        """Calculate it again at the next access, because something it depends on changed."""
        vars(owner).pop(self._key, None)
