"""Tables taken back to what earlier migrations made of them, and forward again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Goes back, and gives the models as they were then.
Migrate = Callable[[], Any]


@contextmanager
def going_back(to: Sequence[tuple[str, str]]) -> Iterator[Migrate]:
    """Takes the tables back to these migrations when told; afterwards they are as they are now."""

    def back() -> Any:
        return MigrationExecutor(connection).migrate(list(to)).apps

    yield back
    go_on()


def go_on() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
