"""One command that is killed at a given moment: `MOMENT SINCE FOLDER COMMAND …`.

A moment is a statement to the database, a commit, or a file below FOLDER that is opened, named or
removed; they are counted from the first statement with SINCE in it. A command that ends before
that moment comes says as its last line how many there were.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from bihuan.cli import main

ON_FILES = frozenset({"open", "os.rename", "os.remove", "os.mkdir"})


class Moments:
    """Counts what happens, and ends the process when so much has."""

    def __init__(self, last: int, since: str, folder: str) -> None:
        self._last, self._since, self._folder = last, since, folder
        self._is_counting, self.seen = False, 0

    def watch(self) -> None:
        connection_created.connect(self._watch_connection, weak=False)
        sys.addaudithook(self._on_file)

    def _watch_connection(self, connection: BaseDatabaseWrapper, **rest: object) -> None:
        connection.execute_wrappers.append(self._on_statement)
        really = connection._commit  # type: ignore[attr-defined]

        def commit() -> Any:
            self._count()
            return really()

        connection._commit = commit  # type: ignore[attr-defined]

    def _on_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self._is_counting = self._is_counting or self._since in sql
        self._count()
        return execute(sql, params, many, context)

    def _on_file(self, event: str, given: tuple[Any, ...]) -> None:
        if event in ON_FILES and str(given[0]).startswith(self._folder):
            self._count()

    def _count(self) -> None:
        self.seen += self._is_counting
        if self.seen and self.seen == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    moment, since, folder, *command = sys.argv[1:]
    django.setup()
    moments = Moments(int(moment), since, folder)
    moments.watch()
    status = main(command)
    print(moments.seen)
    sys.exit(status)
