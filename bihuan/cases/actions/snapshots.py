"""The rows of a case before an act: what the act changed can be restored from them.

A snapshot covers every table whose rows the journal holds for a case (`cases.standing`), read by
one statement. Only the difference that the act made is stored.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

from bihuan.cases import standing
from bihuan.cases.models import Case, UndoableAct
from bihuan.cases.queries.as_shown import old_values
from bihuan.clocks.models import Clock
from bihuan.journal.models import Entry
from bihuan.journal.reading import rows_of
from bihuan.orgs.models import User
from bihuan.quoting import column, table

Row = dict[str, Any]
# By table and primary key.
Snapshot = Mapping[str, Mapping[int, Row]]
# By table: the keys of rows that the act added, and the old values of those that it changed or
# deleted.
Difference = dict[str, dict[str, Any]]

# The version counts the acts, and an undo is one.
_GOES_ON = frozenset({"version"})


def take(case: Case) -> Snapshot:
    """Return the rows of the case as they are now."""
    found: dict[str, dict[int, Row]] = {}
    for label, key, row in rows_of(_statement(connection.vendor), [case.pk]):
        found.setdefault(label, {})[key] = json.loads(row)
    return found


def keep(case: Case, before: Snapshot, entry: Entry, actor: User, until_at: datetime) -> None:
    """Store what the act of this entry changed, so that its officer can undo it."""
    UndoableAct.objects.create(
        case=case,
        seq=entry.seq,
        move=entry.act,
        member=actor,
        made_at=entry.at,
        until_at=until_at,
        before=difference(before, take(case)),
    )


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """Return how to get from the second state back to the first."""
    found: Difference = {}
    kept = {model._meta.label_lower: names for model, names in standing.kept_by_undo().items()}
    for label in sorted(before.keys() | after.keys()):
        old, new = before.get(label, {}), after.get(label, {})
        told: dict[str, list[Any]] = {
            "added": sorted(new.keys() - old.keys()),
            "gone": [old[key] for key in sorted(old.keys() - new.keys())],
            "changed": [
                [key, _old_values(label, old[key], new[key])]
                for key in sorted(old.keys() & new.keys())
                if old[key] != new[key]
            ],
        }
        if label in kept:
            told = _only(told, kept[label])
        if any(told.values()):
            found[label] = told
    return found


def _only(told: dict[str, list[Any]], names: Collection[str]) -> dict[str, list[Any]]:
    """Leave rows that an undo keeps where they are, and restore only these columns of them."""
    changed = [
        [key, {name: value for name, value in values.items() if name in names}]
        for key, values in told["changed"]
    ]
    return {"added": [], "gone": [], "changed": [each for each in changed if each[1]]}


def _old_values(label: str, old: Row, new: Row) -> Row:
    """Return the changed columns; of a clock all, because time changes several together."""
    if label == Clock._meta.label_lower:
        return old
    return {
        name: value for name, value in old.items() if value != new[name] and name not in _GOES_ON
    }


def restore(told: Difference) -> None:
    """Restore these rows, within the act that undoes the other one."""
    order = [model for model in standing.restorable() if model._meta.label_lower in told]
    for model in reversed(order):
        model._base_manager.filter(pk__in=told[model._meta.label_lower]["added"]).delete()
    for model in order:
        rows = told[model._meta.label_lower]
        for key, values in rows["changed"]:
            if values:
                model._base_manager.filter(pk=key).update(**old_values(model, values))
        model._base_manager.bulk_create(
            [model(**old_values(model, values)) for values in rows["gone"]]
        )


def deleted(told: Difference, model: type[models.Model]) -> list[int]:
    """Return the keys of the rows of this table that the undo deletes."""
    return list(told.get(model._meta.label_lower, {}).get("added", ()))


# ---------------------------------------------------------------------- statement
@lru_cache(maxsize=4)
def _statement(vendor: str) -> str:
    tables = standing.restorable().items()
    asked = " UNION ALL ".join(_rows(model, joined, vendor) for model, joined in tables)
    cases = f"SELECT id, number FROM {table(Case)} WHERE id = %s"
    return f"WITH known AS MATERIALIZED ({cases}) {asked}"


def _rows(model: type[models.Model], joined: str, vendor: str) -> str:
    key = model._meta.pk
    assert key is not None
    row = "CAST(to_jsonb(t) AS text)" if vendor == "postgresql" else _as_json(model)
    return f"SELECT '{model._meta.label_lower}', t.{column(key)}, {row} FROM {joined}"


def _as_json(model: type[models.Model]) -> str:
    """Return the row as `to_jsonb` does; SQLite takes up to 63 columns."""
    named = (f"'{each.column}', t.{column(each)}" for each in model._meta.concrete_fields)
    return f"json_object({', '.join(named)})"
