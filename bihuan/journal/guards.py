"""The triggers that keep what may never change, and whether each is there and does its work.

The apps whose migrations make triggers register them. The owner of the database can lift them;
what was done meanwhile the chains and roots show, and that they were lifted shows here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from django.db import connection

# By engine: each trigger, and the beginning of the digest of its definition ("" for any).
_guards: dict[str, dict[str, str]] = {"postgresql": {}, "sqlite": {}}


def register(engine: str, triggers: Mapping[str, str]) -> None:
    """Have `journal verify` look for these triggers. For `AppConfig.ready`."""
    _guards[engine].update(triggers)


def registered() -> frozenset[str]:
    """The names of the triggers that this database must have."""
    return frozenset(_guards[connection.vendor])


def lifted() -> Iterator[str]:
    """The triggers that are missing, switched off, or made to do something else."""
    there = definitions()
    for name, digest in sorted(_guards[connection.vendor].items()):
        if name not in there or not there[name].startswith(digest):
            yield name


def definitions() -> dict[str, str]:
    """The digest of each trigger that fires, with the function that it calls."""
    asked = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name: sha256(text.encode()).hexdigest() for name, text in cursor.fetchall()}


_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
# Switched off, or for replicas only, it fires for nobody.
_POSTGRESQL = """
    SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) || prosrc
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
"""
