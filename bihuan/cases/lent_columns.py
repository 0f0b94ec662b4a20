"""The columns of the lines in which the journal holds the state of a case (`standing`), as SQL,
including those of kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models

from bihuan.journal.parts import DEGREES, cell, length_first
from bihuan.quoting import Field, column, field_of, table


@dataclass(frozen=True)
class Lent:
    """A column of a case's line that a kind stores in its own table.

    It follows the column of that name. Several kinds may lend the same one, each for its own cases;
    a case of another kind has `absent` there.
    """

    part: str
    name: str
    after: str
    # The table of the kind, whose primary key is that of the case, and its column.
    model: type[models.Model]
    field: str = ""
    absent: str | None = None

    @property
    def kept(self) -> Field:
        return field_of(self.model, self.field or self.name)

    @property
    def alias(self) -> str:
        return f"lent_{self.model._meta.db_table}"

    @property
    def key(self) -> str:
        return f"{self.alias}.{column(self.model._meta.pk)}"


@dataclass(frozen=True)
class LentColumn:
    """A lent column, with all kinds that lend it."""

    lenders: tuple[Lent, ...]

    @property
    def name(self) -> str:
        return self.lenders[0].name

    @property
    def after(self) -> str:
        return self.lenders[0].after

    @property
    def absent(self) -> str:
        return length_first(self.lenders[0].absent)

    def line(self, rows: Mapping[type[models.Model], models.Model]) -> str:
        """Return the value that a kind's row stores for the case."""
        found = (cell(each.kept, rows[each.model]) for each in self.lenders if each.model in rows)
        return next(found, self.absent)

    def sql(self, vendor: str) -> str:
        kinds = (
            f"WHEN {each.key} IS NOT NULL THEN {sql(each.kept, vendor, each.alias)}"
            for each in self.lenders
        )
        return f"CASE {' '.join(kinds)} ELSE '{self.absent}' END"

    def joins(self, case: str) -> Iterator[str]:
        """Return the joins of the kinds' tables by this primary key of the case."""
        for each in self.lenders:
            yield f"LEFT JOIN {table(each.model)} AS {each.alias} ON {each.key} = {case}"


def sql(each: Field, vendor: str, row: str = "t") -> str:
    """Return the SQL expression of a stored row's value in this column."""
    name = f"{row}.{column(each)}"
    if isinstance(each, models.DateTimeField):
        text = _INSTANT[vendor].format(name)
    elif isinstance(each, models.BooleanField):
        text = f"CAST(CAST({name} AS integer) AS text)"
    elif isinstance(each, models.FloatField):
        text = f"CAST(CAST(round({name} * {DEGREES}) AS bigint) AS text)"
    elif isinstance(each, models.DecimalField):
        text = f"CAST(CAST(round({name} * {10**each.decimal_places}) AS bigint) AS text)"
    else:
        text = f"CAST({name} AS text)"
    return f"coalesce(CAST(length({text}) AS text) || ':' || {text}, '-')"


_INSTANT = {
    "postgresql": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "sqlite": "CASE length({0}) WHEN 19 THEN {0} || '.000000' ELSE {0} END",
}
