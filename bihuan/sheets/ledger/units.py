"""The units that the rows of a ledger name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from bihuan.core.history import RowFault, RowRefused
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import unit_names

SUGGESTED = 5


class Units:
    """The units that a ledger may name, by code or name below the importing unit.

    A closed unit is included, for what ended while it existed, unless an open one has its name now.
    An open one may be named by a short name, if only one unit has it.
    """

    def __init__(self, top: Unit) -> None:
        self.top = top
        self.ambiguous: set[str] = set()
        self._ids: dict[str, int] = {}
        self._closed: dict[int, tuple[str, str]] = {}
        units = Unit.objects.within(top)
        names = ("pk", "code", "name", "name_en")
        is_open = list(units.open().values_list(*names))
        self._names: dict[int, str] = {pk: name for pk, _code, name, _name_en in is_open}
        self._know(is_open)
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
        if text in self.ambiguous:
            return None
        exact = self._ids.get(text)
        if exact is not None:
            return exact
        possible = self._by_short_name.get(unit_names.plain(text), frozenset())
        return next(iter(possible)) if len(possible) == 1 else None

    def name_of(self, unit: int) -> str:
        """Return the name of an open unit; empty for a closed one."""
        return self._names.get(unit, "")

    def is_short(self, text: str, unit: int) -> bool:
        """Whether the text is neither the code nor a name of the unit that it was found by."""
        return self._ids.get(text) != unit

    def suggested(self, text: str) -> Sequence[str]:
        """Return the names of the units that the text may mean, to ask about."""
        plain = unit_names.plain(text)
        if len(plain) < unit_names.SHORTEST:
            return ()
        possible = self._by_short_name.get(plain) or {
            pk
            for short_name, units in self._by_short_name.items()
            if unit_names.is_alike(plain, short_name)
            for pk in units
        }
        found = dict.fromkeys(self._names[pk] for pk in sorted(possible))
        return tuple(found)[:SUGGESTED]

    @cached_property
    def _by_short_name(self) -> dict[str, frozenset[int]]:
        """Return the open units by all their short names."""
        found: dict[str, set[int]] = {}
        for pk, name in self._names.items():
            for short_name in unit_names.short_names(name):
                found.setdefault(short_name, set()).add(pk)
        return {short_name: frozenset(units) for short_name, units in found.items()}

    def require_open(self, field: str, unit: int) -> None:
        """Refuse to assign open work to a closed unit."""
        if unit in self._closed:
            raise RowRefused(RowFault.UNIT_CLOSED, field, self._closed[unit])
