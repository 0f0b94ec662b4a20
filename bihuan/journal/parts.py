"""Rows as lines of text, whose digests the entries of the journal hold (see `standing`).

A line has the columns of one row, each prefixed with its length, so that different rows never give
the same line. A part of a subject is its rows in one table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise

from bihuan.journal import hooks
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain
from bihuan.quoting import Field

DEGREES = 10**7  # a coordinate has the precision of a centimetre


@dataclass(frozen=True)
class Part:
    """The rows of one table that belong to a subject."""

    name: str
    model: type[models.Model]
    words: Promise | str
    # These fields, or all except those that change without an act.
    fields: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Field, ...]:
        return columns(self.model, self.fields, self.without)

    def line(self, row: models.Model) -> str:
        """Return the line of a row, saved or not."""
        return "".join(cell(each, row) for each in self.columns)


@lru_cache(maxsize=128)
def columns(
    model: type[models.Model], names: tuple[str, ...], without: tuple[str, ...]
) -> tuple[Field, ...]:
    """Return the fields with these names, or all without these, without keys and structured
    data.
    """
    fields = model._meta.concrete_fields
    if names:
        return tuple(each for each in fields if each.name in names)
    return tuple(
        each
        for each in fields
        if each.name not in without
        and not each.primary_key
        and not isinstance(each, models.JSONField | models.BinaryField | models.UUIDField)
    )


class RowWitness(hooks.Witness):
    """Reads rows that are each a subject of their own, named "prefix/primary key"."""

    def __init__(self, prefix: str, part: Part, only: Q | None = None) -> None:
        self._prefix, self._part, self._only = prefix, part, only or Q()

    def _rows(self) -> models.QuerySet[models.Model]:
        return self._part.model._base_manager.filter(self._only)

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        rows = self._rows().filter(pk__in=[int(name) for name in names if name.isdecimal()])
        name, line = self._part.name, self._part.line
        return {str(row.pk): {name: hooks.digest([line(row)])} for row in rows}

    def words(self, part: str) -> Promise | str:
        return self._part.words

    def unwitnessed(self) -> Iterator[str]:
        subject = Concat(Value(f"{self._prefix}/"), Cast(OuterRef("pk"), CharField()))
        unrecorded = self._rows().filter(~Exists(Chain.objects.filter(subject=subject)))
        for pk in unrecorded.order_by("pk").values_list("pk", flat=True)[:FINDINGS]:
            yield str(pk)


class WithRows(hooks.Witness):
    """Adds the rows of another table, whose field `way` leads to the subject, to the parts that
    another witness reads.
    """

    def __init__(self, own: hooks.Witness, part: Part, way: str) -> None:
        self._own, self._part, self._way = own, part, way

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        found = self._own.stands(names)
        lines: dict[str, list[str]] = {}
        rows: models.QuerySet[models.Model] = self._part.model._base_manager.filter(
            **{f"{self._way}__in": [int(name) for name in found]}
        )
        for row in rows:
            lines.setdefault(str(getattr(row, f"{self._way}_id")), []).append(self._part.line(row))
        return {name: {**parts, **self._digest(lines.get(name))} for name, parts in found.items()}

    def _digest(self, lines: list[str] | None) -> hooks.Parts:
        return {self._part.name: hooks.digest(lines)} if lines else {}

    def words(self, part: str) -> Promise | str:
        return self._part.words if part == self._part.name else self._own.words(part)

    def unwitnessed(self) -> Iterable[str]:
        return self._own.unwitnessed()


def cell(field: Field, row: models.Model) -> str:
    """Return the row's value in this column of the line."""
    return length_first(_text(field, getattr(row, field.attname)))


def length_first(text: str | None) -> str:
    return "-" if text is None else f"{len(text)}:{text}"


def _text(each: Field, value: Any) -> str | None:
    """Return the value as both engines write it in SQL."""
    match each:
        case _ if value is None:
            return None
        case models.BooleanField():
            return str(int(value))
        case models.FloatField():
            return str(round(value * DEGREES))
        case models.DecimalField():
            return str(round(value * 10**each.decimal_places))
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value)
