"""Every Python that starts with this folder on its path runs so many seconds ahead of its clock.

What tests start as a process of its own lives in their time too; there the clock goes on. Where
`TESTS_SCHEMA` names a schema, an empty PostgreSQL database is given that instead of migrating it.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core import signing
from django.utils import timezone

AHEAD = timedelta(seconds=float(os.environ["TESTS_SECONDS_AHEAD"]))


def now() -> datetime:
    return datetime.now(UTC) + AHEAD  # noqa: TID251 - the clock that is moved


timezone.now = now  # noqa: TID251 - read by pages and commands
signing.time = SimpleNamespace(time=lambda: now().timestamp())  # type: ignore[attr-defined]


def _give_schemas(schema: str) -> None:
    """Let the last migrations of an empty database be reached in one step."""
    from django.db.migrations.executor import MigrationExecutor

    one_by_one = MigrationExecutor.migrate

    def migrate(self: Any, targets: Any, *arguments: Any, **named: Any) -> Any:
        is_whole = set(targets) == set(self.loader.graph.leaf_nodes())
        if self.loader.applied_migrations or not is_whole:
            return one_by_one(self, targets, *arguments, **named)
        with self.connection.cursor() as cursor:
            cursor.execute(Path(schema).read_text(encoding="utf-8"))
        return None

    MigrationExecutor.migrate = migrate  # type: ignore[method-assign]


if os.environ.get("TESTS_SCHEMA"):
    _give_schemas(os.environ["TESTS_SCHEMA"])
