"""Copy the tables of PostgreSQL from a snapshot, and into an empty database.

COPY is used and not pg_dump (decision 27): no client program has to match the server's version,
only rows are restored and never statements, and tables, triggers and functions are created by the
migrations of this release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from bihuan.backups.manifest import CopiedTable, Manifest
from bihuan.backups.parcel import Packing
from bihuan.backups.pieces import PIECE, packed, unpacked
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.store.stream import snapshot

ENGINE = "postgresql"
USING = "default"
MIGRATIONS = ("django_migrations",)
PLAINLY = (
    "SET LOCAL datestyle TO 'ISO, YMD'",
    "SET LOCAL intervalstyle TO postgres",
    "SET LOCAL bytea_output TO hex",
    "SET LOCAL statement_timeout TO 0",
    "SET LOCAL lock_timeout TO 0",
    "SET LOCAL idle_in_transaction_session_timeout TO 0",
)
_TABLES = """
    SELECT relname, array_agg(attname::text ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
      AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    GROUP BY relname ORDER BY relname
"""
_SIZE = "SELECT sum(pg_table_size(t::regclass)) FROM unnest(%s::text[]) AS t"
_SEQUENCES = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename
"""
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype = 'f' AND conparentid = 0
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


# ------------------------------------------------------------------ copying out
@contextmanager
def taken() -> Iterator[PostgresSnapshot]:
    """Open a snapshot of the database while others continue to write."""
    with snapshot():
        _run(*PLAINLY)
        known = {*connection.introspection.django_table_names(), *MIGRATIONS}
        there: dict[str, list[str]] = dict(_asked(_TABLES))
        columns = {name: there[name] for name in there if name in known}
        _run(f"LOCK TABLE {', '.join(map(_name, columns))} IN ACCESS SHARE MODE")
        yield PostgresSnapshot(columns, strangers=sorted(there.keys() - known))


class PostgresSnapshot:
    """The content of the database at that moment."""

    using = USING

    def __init__(self, columns: dict[str, list[str]], strangers: list[str]) -> None:
        self._columns, self.strangers = columns, strangers
        self.server = str(_asked("SHOW server_version")[0][0])

    @property
    def bytes(self) -> int:
        """Return roughly how much disk space the tables take on the server, without indexes."""
        tables = [_name(name) for name in self._columns]
        return int(_asked(_SIZE, [tables])[0][0] or 0)

    @property
    def sequences(self) -> dict[str, int]:
        return dict(_asked(_SEQUENCES))

    def pack(self, packing: Packing, on_progress: Callable[[int], None]) -> dict[str, CopiedTable]:
        return {
            name: CopiedTable(columns, *_copied_out(packing, name, columns, on_progress))
            for name, columns in self._columns.items()
        }


def _copied_out(
    packing: Packing, name: str, columns: list[str], on_progress: Callable[[int], None]
) -> tuple[int, int]:
    """Write the rows of a table in compressed chunks; return the number of rows and bytes."""
    rows = size = 0
    # A table without rows has one empty chunk, so that its name is known.
    for number, piece in enumerate(_pieces(_rows_of(name, columns)), start=1):
        rows, size = rows + piece.count(b"\n"), size + len(piece)
        packing.add(f"tables/{name}/{number:06}.gz", packed(piece))
        on_progress(len(piece))
    return rows, size


def _rows_of(name: str, columns: list[str]) -> Iterator[memoryview | bytes]:
    if name in settings.LEFT_OUT_OF_BACKUPS:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_into(name, columns)} TO STDOUT") as copy,
    ):
        yield from copy


def _pieces(blocks: Iterable[memoryview | bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    yield bytes(waiting)


# ------------------------------------------------------------------- copying in
def what_is_here() -> str:
    """Return the tables that already exist."""
    names = [name for name, _columns in _asked(_TABLES)]
    return ", ".join([*names[:5], *(["…"] if len(names) > 5 else [])])


@contextmanager
def loading(manifest: Manifest, name: str) -> Iterator[Loading]:
    """Load all tables or none: they are committed when the block ends."""
    with transaction.atomic():
        _run(*PLAINLY, "SET CONSTRAINTS ALL IMMEDIATE")
        _migrate_to({(app, each) for app, each in manifest.migrations})
        loading = Loading(manifest, name)
        loading.begin()
        yield loading
        loading.end()


def _migrate_to(applied: set[tuple[str, str]]) -> None:
    """Migrate to the schema of the release that made the backup."""
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    ends = [
        key
        for key in sorted(applied)
        if not any(child.key[0] == key[0] and child.key in applied for child in nodes[key].children)
    ]
    executor.migrate(ends)


class Loading:
    """Fills the tables that the migrations created, without the checks that would slow down each
    row.
    """

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._manifest, self._name = manifest, name
        self._loaded: set[str] = set()
        self._keys: list[tuple[str, str, str]] = []
        self._indexes: list[tuple[str, str]] = []

    def begin(self) -> None:
        there: dict[str, list[str]] = dict(_asked(_TABLES))
        details = {name: table.columns for name, table in self._manifest.tables.items()}
        for name in sorted(details.keys() | there.keys()):
            if sorted(there.get(name, [])) != sorted(details.get(name, [])):
                raise self._changed(f"tables/{name}")
        self._keys, self._indexes = list(_asked(_FOREIGN_KEYS)), list(_asked(_INDEXES))
        _run(
            *(f"ALTER TABLE {table} DROP CONSTRAINT {key}" for table, key, _ in self._keys),
            *(f"DROP INDEX {index}" for index, _ in self._indexes),
            *(f"ALTER TABLE {_name(name)} DISABLE TRIGGER USER" for name in there),
            # Rows that migrations inserted are replaced by those of the backup.
            f"TRUNCATE {', '.join(map(_name, there))}",
        )

    def load(self, kind: str, pieces: Iterable[bytes]) -> None:
        """Load the rows of one table from its chunks."""
        name = kind.removeprefix("tables/")
        table = self._manifest.tables.get(name)
        if table is None or name in self._loaded:
            raise self._changed(kind)
        self._loaded.add(name)
        left, rows = table.bytes, 0
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {_into(name, table.columns)} FROM STDIN") as copy:
                for piece in pieces:
                    data = unpacked(piece)
                    if data is None or len(data) > left:
                        raise self._changed(kind)
                    left, rows = left - len(data), rows + data.count(b"\n")
                    copy.write(data)
            if left or not rows == cursor.rowcount == table.rows:
                raise self._changed(kind)

    def end(self) -> None:
        if self._loaded != self._manifest.tables.keys():
            raise self._changed("tables")
        _run(
            *(definition for _, definition in self._indexes),
            *(
                f"ALTER TABLE {table} ADD CONSTRAINT {key} {what}"
                for table, key, what in self._keys
            ),
            *(f"ALTER TABLE {_name(name)} ENABLE TRIGGER USER" for name in self._loaded),
            # COPY leaves no statistics, and queries would be planned for empty tables.
            "ANALYZE",
        )
        for name, last in self._manifest.sequences.items():
            _asked("SELECT setval(%s::regclass, %s)", [_name(name), last])

    def _changed(self, what: str) -> BackupRefused:
        return BackupRefused(Reason.CHANGED, self._name, what)


# --------------------------------------------------------------------- asking
def _into(name: str, columns: list[str]) -> str:
    return f"{_name(name)} ({', '.join(map(_name, columns))})"


def _name(name: str) -> str:
    return connection.ops.quote_name(name.replace('"', '""'))


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _asked(statement: str, values: Sequence[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows
