"""The manifest: what a backup contains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
# The number of missing files that are named; their total is always given.
NAMED = 1000


@dataclass(frozen=True)
class CopiedTable:
    """What was copied of a table. The size is that of its rows before compression, in bytes."""

    columns: list[str]
    rows: int
    bytes: int


@dataclass(frozen=True)
class Files:
    """The evidence files that the records refer to."""

    count: int = 0
    bytes: int = 0
    # Files that a record refers to and that are missing on disk or have other bytes.
    missing: int = 0
    damaged: int = 0
    named: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manifest:
    """The content and origin of a backup."""

    version: str
    made_at: str
    engine: str
    server: str
    migrations: list[list[str]]
    # By table; with SQLite, whose file is copied as a whole, without columns and bytes.
    tables: dict[str, CopiedTable]
    sequences: dict[str, int]
    database_bytes: int
    roots: list[str]
    files: Files
    format: int = FORMAT

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class NotAManifest(ValueError):
    """A part of the manifest is missing or has the wrong type."""


def read(values: Mapping[str, object]) -> Manifest:
    """Parse the manifest and validate each part."""
    tables = _typed(values, "tables", dict)
    files = _typed(values, "files", dict)
    migrations = _typed(values, "migrations", list)
    if not all(_texts(each) and len(each) == 2 for each in migrations):
        raise NotAManifest("migrations")
    return Manifest(
        **{name: _typed(values, name, str) for name in ("version", "made_at", "engine", "server")},
        migrations=migrations,
        tables={str(name): _table(each) for name, each in tables.items()},
        sequences={
            str(name): _typed({name: number}, name, int)
            for name, number in _typed(values, "sequences", dict).items()
        },
        database_bytes=_typed(values, "database_bytes", int),
        roots=_list_of_texts(values, "roots"),
        files=Files(
            **{name: _typed(files, name, int) for name in ("count", "bytes", "missing", "damaged")},
            named=_list_of_texts(files, "named"),
        ),
        format=_typed(values, "format", int),
    )


def _table(value: object) -> CopiedTable:
    if not isinstance(value, dict):
        raise NotAManifest("tables")
    columns = _list_of_texts(value, "columns")
    return CopiedTable(columns, _typed(value, "rows", int), _typed(value, "bytes", int))


def _typed(values: Mapping[str, object], name: str, kind: type) -> Any:
    found = values.get(name)
    if type(found) is not kind or (kind is int and isinstance(found, int) and found < 0):
        raise NotAManifest(name)
    return found


def _list_of_texts(values: Mapping[str, object], name: str) -> list[str]:
    found: list[str] = _typed(values, name, list)
    if not _texts(found):
        raise NotAManifest(name)
    return found


def _texts(found: Sequence[object]) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)
