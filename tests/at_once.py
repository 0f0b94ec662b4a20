"""Several people at the same moment, each with a thread and a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from bihuan.core.refusal import Refusal


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What became of each act: what it gave, or how it was refused."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
