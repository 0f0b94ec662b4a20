"""The triggers that protect append-only tables, and a check that each exists and works.

The apps whose migrations create triggers register them. The owner of the database can disable them:
the chains and roots reveal what was changed meanwhile, and this check reveals that triggers are
disabled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from django.db import connection

# By engine: each trigger, and the start of the digest of its definition ("" for any).
_guards: dict[str, dict[str, str]] = {"postgresql": {}, "sqlite": {}}


def register(engine: str, triggers: Mapping[str, str]) -> None:
    """Have `journal verify` check these triggers. For `AppConfig.ready`."""
    _guards[engine].update(triggers)


def register_checks(*names: str) -> None:
    """The same for checks that are constraints on PostgreSQL and pairs of triggers on SQLite."""
    triggers = [f"{name}_{event}" for name in names for event in ("added", "changed")]
    register("sqlite", dict.fromkeys(triggers, ""))


def registered() -> frozenset[str]:
    """Return the names of the triggers that this database must have."""
    return frozenset(_guards[connection.vendor])


def lifted() -> Iterator[str]:
    """Return the triggers that are missing, disabled, or altered."""
    there = definitions()
    for name, digest in sorted(_guards[connection.vendor].items()):
        if name not in there or not there[name].startswith(digest):
            yield name


def definitions() -> dict[str, str]:
    """Return the digest of each active trigger, including the function that it calls."""
    asked = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name: sha256(text.encode()).hexdigest() for name, text in cursor.fetchall()}


_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
# A trigger that is disabled, or enabled for replicas only, never fires.
_POSTGRESQL = """
    SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) || prosrc
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
"""
