"""Going round the guards of the database, as somebody with its password could."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def lifted() -> Iterator[None]:
    """No trigger fires inside; call it within a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def tamper(*statements: str) -> None:
    """Run raw SQL with no trigger in its way."""
    with lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
