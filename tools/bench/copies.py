"""Enlarge an archive: copy each imported case, with a separate journal for every copy.

Importing a million rows takes most of an hour, copying a hundred thousand takes minutes. Copies
differ in the number, the key of the ledger's row, and therefore the chain.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from bihuan.cases.models import Case, Numbering
from bihuan.cases.models.words import CaseWords
from bihuan.clocks.models import Clock
from bihuan.core.chain import START, canonical, link, microseconds
from bihuan.hazards.models import Hazard
from bihuan.journal.actions import CHAIN, ENTRY
from bihuan.journal.models import Chain, Entry
from bihuan.store.bulk import insert_rows, reserve_ids

# The tables that an import fills, each with the column that holds the case number.
FILLED: Sequence[tuple[type[models.Model], str]] = (
    (Case, "id"), (Hazard, "case_id"), (Clock, "id"), (CaseWords, "case_id"),
)  # fmt: skip
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
"""


@transaction.atomic
def multiply(times: int) -> None:
    """Multiply each case. Requires PostgreSQL, and an archive of imported cases only."""
    filled: list[type[models.Model]] = [*(model for model, _ in FILLED), Chain, Entry]
    tables = [model._meta.db_table for model in filled]
    keys, indexes = _asked(_KEYS, tables), _asked(_INDEXES, tables)
    with connection.cursor() as cursor:
        for table, key, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
        _copy_cases(cursor, times)
        _copy_journal(times)
        Numbering.objects.update(last=models.F("last") * times)
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, key, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")


def _copy_cases(cursor: Any, times: int) -> None:
    step = Case.objects.aggregate(last=Max("pk"))["last"]
    for model, key in FILLED:
        table = model._meta.db_table
        names = [str(field.column) for field in model._meta.concrete_fields]
        names = [name for name in names if name == key or name != "id"]
        given = {
            key: f"{table}.{key} + copy * {step}",
            "number": _renumbered("number"),
            "source_key": "md5(source_key || copy)",
        }
        chosen = ", ".join(given.get(name, f'"{name}"') for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f"INSERT INTO {table} ({into}) SELECT {chosen} "
            f"FROM generate_series(1, %s) AS copy, {table} {_SERIES if model is Case else ''}",
            [times - 1],
        )
    sequence = "pg_get_serial_sequence('cases_case', 'id')"
    cursor.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM cases_case))")


_SERIES = "JOIN cases_numbering ON series = regexp_replace(number, '-[0-9]+$', '')"


def _renumbered(number: str) -> str:
    counted = f"substring({number} FROM '[0-9]+$')::bigint + copy * last"
    return f"series || '-' || lpad(({counted})::text, 6, '0')"


def _copy_journal(times: int) -> None:
    """Copy each import's entry for every copy of its case, hashed with the subject of that copy."""
    lasts = dict(Numbering.objects.values_list("series", "last"))
    rows = list(
        Entry.objects.filter(chain__subject__startswith="case/", chain__length=1)
        .order_by("pk")
        .values_list("chain__subject", *ENTRY[2:-2])
    )
    ids = iter(reserve_ids(Chain, len(rows) * (times - 1)))
    chains: list[tuple[int, str, int, bytes]] = []

    def entries() -> Iterator[Sequence[object]]:
        for copy in range(1, times):
            for was, *told in rows:
                series, _, number = was.rpartition("-")
                last = lasts[series.removeprefix("case/")]
                subject = f"{series}-{int(number) + copy * last:06}"
                at, actor, act, note, detail, *values = told
                before, after = map(bytes, values)
                content = canonical(
                    subject, 1, microseconds(at), actor, act, note, detail, before, after
                )
                chain, made = next(ids), link(START, content)
                chains.append((chain, subject, 1, made))
                yield chain, 1, at, actor, act, note, detail, before, after, START, made

    insert_rows(Entry, ENTRY, entries())
    insert_rows(Chain, CHAIN, chains)


def _asked(statement: str, tables: Sequence[str]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(tables)])
        return list(cursor.fetchall())
