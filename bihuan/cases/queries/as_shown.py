"""A case as the public sees it: without the acts that can still be undone.

Every public page, list and interface asks this module, so that they all say the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet

from bihuan.cases import queries
from bihuan.cases.models import Case, Evidence, UndoableAct
from bihuan.cases.queries import undoable
from bihuan.clocks.models import Clock
from bihuan.core.once import PerObject
from bihuan.quoting import Field


@dataclass(frozen=True)
class ShownCase:
    """The case before the acts that wait, and these acts, latest first."""

    case: Case
    acts: tuple[UndoableAct, ...] = ()

    @property
    def hidden(self) -> frozenset[int]:
        """Return the numbers of the acts of which the public is not informed yet."""
        return frozenset(act.seq for act in self.acts)

    def clocks(self) -> list[Clock]:
        """Return the clocks of the case, with those that ended, the first to end first."""
        rows = {row.pk: row for row in self.case.clocks}
        for act in self.acts:
            told = act.before.get(Clock._meta.label_lower, {})
            for key in told.get("added", ()):
                rows.pop(key, None)
            for key, values in told.get("changed", ()):
                if key in rows:
                    _put_back(rows[key], values)
            for values in told.get("gone", ()):
                row = Clock(**old_values(Clock, values))
                rows[row.pk] = row
        return sorted(rows.values(), key=lambda row: (row.due_at, row.pk))

    def photos(self, rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
        """Leave out the photos that came with the acts that wait."""
        for act in self.acts:
            rows = rows.exclude(added_by=act.member_id, added_at=act.made_at)
        return rows


def of(case: Case, now: datetime) -> ShownCase:
    """Return the case as it is shown, queried once per loaded case; not at all if it was loaded
    `with_facts()` and has no such act.
    """
    if not queries.has(case, "undoable"):
        return ShownCase(case)
    known = _by_time(case)
    if now not in known:
        known[now] = _shown(case, waiting_of([case.pk], now).get(case.pk, []))
    return known[now]


def _none_yet(case: Case) -> dict[datetime, ShownCase]:
    return {}


_by_time = PerObject("as_shown", _none_yet)


def all_of(cases: Iterable[Case], now: datetime) -> list[ShownCase]:
    """Return these cases as they are shown, with one query if none has an act that waits; those
    that were loaded without such an act are asked nothing.
    """
    found = list(cases)
    asked = [case.pk for case in found if queries.has(case, "undoable")]
    acts = waiting_of(asked, now) if asked else {}
    return [_shown(case, acts.get(case.pk, [])) for case in found]


def waiting_of(cases: Collection[int] | None, now: datetime) -> dict[int, list[UndoableAct]]:
    """Return the acts that can still be undone, by case, latest first; None means all cases."""
    rows = UndoableAct.objects.filter(undone_at=None, until_at__gte=now).order_by("-seq")
    if cases is not None:
        rows = rows.filter(case__in=cases)
    found: dict[int, list[UndoableAct]] = {}
    for act in rows:
        found.setdefault(act.case_id, []).append(act)
    return found


def _shown(case: Case, acts: list[UndoableAct]) -> ShownCase:
    if not acts:
        return ShownCase(case)
    settled = _settled(case, acts)
    waiting = tuple(act for act in acts if act.seq > settled)
    return ShownCase(_before(case, waiting), waiting)


def _settled(case: Case, acts: list[UndoableAct]) -> int:
    """Return the number of the last act that cannot be undone: after it nothing before it can.

    As in `undoable.acts`, what time caused is not an act, and neither is one that was undone.
    """
    later = undoable.made_by_people(case).filter(seq__gt=acts[-1].seq)
    others = later.exclude(seq__in=[act.seq for act in acts])
    last: int | None = others.order_by("-seq").values_list("seq", flat=True).first()
    return last or 0


def _before(case: Case, acts: Iterable[UndoableAct]) -> Case:
    """Return a copy of the case, and of the rows loaded with it, before these acts."""
    shown = copy(case)
    loaded = {
        row._meta.label_lower: (name, row)
        for name, row in case._state.fields_cache.items()
        if isinstance(row, models.Model)
    }
    for act in acts:
        for label, told in act.before.items():
            for key, values in told.get("changed", ()):
                if label == Case._meta.label_lower and key == case.pk:
                    _put_back(shown, values)
                elif label in loaded and loaded[label][1].pk == key:
                    name, row = loaded[label]
                    earlier = copy(row)
                    _put_back(earlier, values)
                    shown._state.fields_cache[name] = earlier
                    loaded[label] = (name, earlier)
    return shown


def _put_back(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in old_values(type(row), values).items():
        setattr(row, name, value)


# ------------------------------------------------------------------------- values
def old_values(model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored columns of a row as the attributes of its model."""
    by_column = {each.column: each for each in model._meta.concrete_fields}
    return {by_column[name].attname: _value(by_column[name], raw) for name, raw in row.items()}


def _value(field: Field, raw: Any) -> Any:
    """Return the value of a column as the field has it; the engines write JSON differently."""
    if raw is None:
        return None
    if isinstance(field, models.DateTimeField):
        at = datetime.fromisoformat(raw)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if isinstance(field, models.JSONField):
        return json.loads(raw) if isinstance(raw, str) else raw
    if isinstance(field, models.BooleanField):
        return bool(raw)
    if isinstance(field, models.DecimalField):
        return field.to_python(str(raw))
    return field.to_python(raw)
