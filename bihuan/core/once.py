"""Values that are computed once for each object and live as long as it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

O = TypeVar("O")  # noqa: E741 - the object
V = TypeVar("V")


class PerObject(Generic[O, V]):
    """`compute(owner)`, once for each owner: a loaded row or a request, not another copy of it.

    `name` tells the values of one owner apart.
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
        """Compute it again when it is next asked for, because something it rests on changed."""
        vars(owner).pop(self._key, None)
