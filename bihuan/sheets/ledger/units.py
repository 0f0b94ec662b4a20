"""The units that the rows of a ledger name."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.core.history import RowFault, RowRefused
from bihuan.orgs.models import Unit


class Units:
    """The units that a ledger may name, by code or name below the importing unit.

    A closed unit is included, for what ended while it existed, unless an open one has its name now.
    """

    def __init__(self, top: Unit) -> None:
        self.top = top
        self.ambiguous: set[str] = set()
        self._ids: dict[str, int] = {}
        self._closed: dict[int, tuple[str, str]] = {}
        units = Unit.objects.within(top)
        names = ("pk", "code", "name", "name_en")
        self._know(units.open().values_list(*names))
        closed = units.exclude(end_date=None)
        open_names = frozenset(self._ids)
        self._know(closed.values_list(*names), extra=open_names)
        for pk, name, successor in closed.values_list("pk", "name", "successor__name"):
            self._closed[pk] = (name, successor or "")

    def _know(
        self, units: Iterable[tuple[int, str, str, str]], extra: frozenset[str] = frozenset()
    ) -> None:
        for pk, *value in units:
            for known in {*value} - {"", *extra}:
                if self._ids.setdefault(known, pk) != pk:
                    self.ambiguous.add(known)

    def find(self, text: str) -> int | None:
        """Return the unit's id; None for an unknown name or one that several units share."""
        return None if text in self.ambiguous else self._ids.get(text)

    def require_open(self, field: str, unit: int) -> None:
        """Refuse to assign open work to a closed unit."""
        if unit in self._closed:
            raise RowRefused(RowFault.UNIT_CLOSED, field, self._closed[unit])
