"""The state of a case: its rows in all tables, as texts whose digests the journal stores.

A row is one line of its columns, each prefixed with its length, so that different rows never give
the same line. Both engines and `of_rows` produce the same line. What changes without an act is left
out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bihuan.cases.lent_columns import Lent, LentColumn, sql
from bihuan.cases.models import (
    AccessGrant,
    Assist,
    Case,
    Contest,
    Disposed,
    Evidence,
    Exclusion,
    Extension,
    Participation,
)
from bihuan.cases.models.facts import CASE_SUBJECT
from bihuan.clocks.models import Clock
from bihuan.journal import hooks
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain
from bihuan.journal.parts import Part, cell, columns
from bihuan.journal.reading import rows_of
from bihuan.quoting import Field, table

FEW = 50  # from this number of cases on, check first which tables have rows for any of them


@dataclass(frozen=True)
class CasePart(Part):
    """The rows of one table that belong to a case."""

    # The field that leads to the case, through another table if necessary.
    case: str = "case"
    over: str = ""
    only: str = ""
    # The rows refer to the case by its journal subject, without a foreign key.
    by_subject: bool = False
    # An undo leaves these rows as they are, except for these columns.
    stays: bool = False
    restores: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Field, ...]:
        return columns(self.model, self.fields, (*self.without, self.case))

    def line_beside(self, row: models.Model, rows: Iterable[models.Model]) -> str:
        """Return the line of a row of the case with all of these rows."""
        by_model = {type(each): each for each in rows}
        return "".join(
            each.line(by_model) if isinstance(each, LentColumn) else cell(each, row)
            for each in _columns(self)
        )


@lru_cache(maxsize=64)
def _columns(part: CasePart) -> tuple[Field | LentColumn, ...]:
    """Return the columns of the line in order, including those that kinds lend."""
    found: list[tuple[str, Field | LentColumn]] = [(each.name, each) for each in part.columns]
    for lent in _lent(part):
        place = [name for name, _ in found].index(lent.after) + 1
        found.insert(place, (lent.name, lent))
    return tuple(each for _, each in found)


def _lent(part: CasePart) -> list[LentColumn]:
    found: dict[str, list[Lent]] = {}
    for each in _lenders:
        if each.part == part.name:
            found.setdefault(each.name, []).append(each)
    return [LentColumn(tuple(lenders)) for lenders in found.values()]


STAGE = (
    "stage", "ended_at", "resolved_by", "resolved_unit", "verified_by", "verified_unit",
    "closed_by", "resolver_name", "verifier_name", "parent", "duplicate_of", "import_check",
    "import_by", "import_checked_by",
)  # fmt: skip
DATES = ("reported_at", "round_at", "due_at", "is_due_provisional")
OFFICES = (
    "owner", "origin", "sender", "post", "bound", "reported_by", "channel", "is_confidential",
    "is_urgent",
)  # fmt: skip
WORDS = (
    "kind", "title", "description", "category", "place", "latitude", "longitude",
    "source_ref",
)  # fmt: skip

_parts: list[CasePart] = [
    CasePart(
        "stage",
        Case,
        gettext_lazy("the stage and the officers who resolved, verified and closed it"),
        STAGE,
    ),
    CasePart("dates", Case, gettext_lazy("the dates and due date"), DATES),
    CasePart("offices", Case, gettext_lazy("the responsible unit and who may see it"), OFFICES),
    CasePart("words", Case, gettext_lazy("the text, grade and place"), WORDS),
    # Changed by time alone: up to when it was processed, and that it ran out.
    CasePart(
        "clocks",
        Clock,
        gettext_lazy("the time limits"),
        case="subject",
        # The unit follows from the case. Clocks of cases are never the only ones, and never from
        # another table.
        without=(
            "unit",
            "next_at",
            "seen_at",
            "overdue_at",
            "calendar_version",
            "is_provisional",
            "is_only",
            "journal_key",
        ),
        by_subject=True,
    ),
    CasePart(
        "hands",
        Participation,
        gettext_lazy("the officers who worked on the fix and verified it"),
        stays=True,
    ),
    CasePart("bars", Exclusion, gettext_lazy("the exclusions")),
    CasePart("confidants", AccessGrant, gettext_lazy("the need-to-know list")),
    # Similarity to another picture is found later, and a photo may be turned at any time.
    CasePart(
        "evidence",
        Evidence,
        gettext_lazy("the evidence"),
        without=("reused_from", "turns"),
        stays=True,
        restores=("shown_to",),
    ),
    CasePart("extensions", Extension, gettext_lazy("the extension requests")),
    CasePart("contests", Contest, gettext_lazy("the disputed assignments")),
    CasePart("assists", Assist, gettext_lazy("the assisting units")),
]
# What remains of a disposed case, which has no other parts, found by its number.
REMAINS = CasePart("remains", Disposed, gettext_lazy("the remaining record of a disposed case"))


_lenders: list[Lent] = []


def register(*parts: CasePart, lent: Iterable[Lent] = ()) -> None:
    """Register tables of a kind of case, and columns that it lends. For `AppConfig.ready`."""
    _parts.extend(parts)
    _lenders.extend(lent)
    _statement.cache_clear()
    _columns.cache_clear()


def of_rows(rows: Iterable[models.Model]) -> Mapping[str, str]:
    """Return the future state of a case that consists of exactly these records."""
    lines: dict[str, list[str]] = {}
    rows = list(rows)
    for row in rows:
        for part in _parts:
            if part.model is type(row):
                lines.setdefault(part.name, []).append(part.line_beside(row, rows))
    return {name: hooks.digest(told) for name, told in lines.items()}


class CaseWitness(hooks.Witness):
    """Reads the state of cases by their numbers."""

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        lines: dict[tuple[str, str], list[str]] = {}
        given = _given(names)
        asked = _statement(connection.vendor, _with_rows(given) if len(names) > FEW else None)
        for number, part, line in rows_of(asked, [given, given]):
            lines.setdefault((number, part), []).append(line)
        found: dict[str, dict[str, str]] = {}
        for (number, part), told in lines.items():
            found.setdefault(number, {})[part] = hooks.digest(told)
        return found

    def words(self, part: str) -> Promise | str:
        return next((each.words for each in (*_parts, REMAINS) if each.name == part), part)

    def unwitnessed(self) -> Iterator[str]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT number FROM {table(Case)} WHERE NOT EXISTS "
                f"(SELECT 1 FROM {table(Chain)} WHERE subject = '{CASE_SUBJECT}' || number) "
                f"ORDER BY id LIMIT {FINDINGS}"
            )
            yield from (number for (number,) in cursor.fetchall())


# ------------------------------------------------------------------------ lines
def _given(names: Collection[str]) -> Any:
    return list(names) if connection.vendor == "postgresql" else json.dumps(list(names))


_AMONG = {
    "postgresql": "number = ANY(%s)",
    "sqlite": "number IN (SELECT value FROM json_each(%s))",
}


@lru_cache(maxsize=64)
def _statement(vendor: str, names: tuple[str, ...] | None) -> str:
    """Build one query for the rows of these parts, or of all, for cases with given numbers."""
    parts = [part for part in _parts if names is None or part.name in names]
    asked = " UNION ALL ".join([*(_rows_of(part, vendor) for part in parts), _remains(vendor)])
    cases = f"SELECT id, number FROM {table(Case)} WHERE {_AMONG[vendor]}"
    return f"WITH known AS MATERIALIZED ({cases}) {asked}"


def _remains(vendor: str) -> str:
    """Return the rows of disposed cases, which exist in no other table."""
    line = " || ".join(sql(each, vendor) for each in REMAINS.columns)
    there = f"{table(Disposed)} AS t WHERE {_AMONG[vendor]}"
    return f"SELECT number, '{REMAINS.name}', {line} FROM {there}"


def _with_rows(given: Any) -> tuple[str, ...]:
    """Return the parts that have any rows between the first and the last of many cases.

    Cases of an import are adjacent, and most tables have no rows for any of them.
    """
    ends = f"SELECT min(id), max(id) FROM {table(Case)} WHERE {_AMONG[connection.vendor]}"
    ((first, last),) = rows_of(ends, [given])
    if first is None:
        return tuple(part.name for part in _parts)
    between = f"BETWEEN {int(first)} AND {int(last)}"
    there = ", ".join(
        f"EXISTS (SELECT 1 FROM {_way_to(part)} WHERE {_key(part)} {between})" for part in _parts
    )
    (found,) = rows_of(f"SELECT {there}")
    return tuple(part.name for part, has in zip(_parts, found, strict=True) if has)


def _way_to(part: CasePart) -> str:
    """Return the table of the part, joined with the one that leads to the case."""
    if part.by_subject:
        return f"{table(Case)} AS way JOIN {table(part.model)} AS t ON {_named('way')}"
    way = f" JOIN {part.over} AS way ON way.id = t.{part.case}_id" if part.over else ""
    return f"{table(part.model)} AS t{way}"


def _named(case: str) -> str:
    """Condition that a row refers to this case by its journal subject."""
    return f"t.subject = '{CASE_SUBJECT}' || {case}.number"


def _key(part: CasePart) -> str:
    """Return the column that refers to the case."""
    if part.by_subject:
        return "way.id"
    if part.over:
        return "way.case_id"
    return "t.id" if part.model is Case else f"t.{part.case}_id"


def _joined(part: CasePart) -> str:
    """Return the known cases, joined with the rows of the part."""
    if part.over:
        way = f"{part.over} AS way ON way.case_id = known.id"
        return f"known JOIN {way} JOIN {table(part.model)} AS t ON t.{part.case}_id = way.id"
    key = _named("known") if part.by_subject else f"{_key(part)} = known.id"
    return f"known JOIN {table(part.model)} AS t ON {key}"


def restorable() -> dict[type[models.Model], str]:
    """Return each table whose rows an undo restores, joined with the known cases.

    Tables come after those that they refer to.
    """
    return {part.model: _joined(part) for part in _parts if not part.stays or part.restores}


def kept_by_undo() -> dict[type[models.Model], tuple[str, ...]]:
    """Return the tables among these whose rows an undo never adds or removes, and the columns that
    it restores in them.
    """
    return {part.model: part.restores for part in _parts if part.stays and part.restores}


def _rows_of(part: CasePart, vendor: str) -> str:
    line = " || ".join(
        each.sql(vendor) if isinstance(each, LentColumn) else sql(each, vendor)
        for each in _columns(part)
    )
    joined = _joined(part)
    for lent in dict.fromkeys(join for each in _lent(part) for join in each.joins("t.id")):
        joined += f" {lent}"
    only = f" WHERE {part.only}" if part.only else ""
    return f"SELECT known.number, '{part.name}', {line} FROM {joined}{only}"
