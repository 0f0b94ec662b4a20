"""Several people at the same moment, each with a thread and a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import DatabaseError, connection

from bihuan.core.refusal import Refusal

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T | Refusal | DatabaseError]:
    """What became of each act: what it gave, or how it or the database refused it."""
    start = Barrier(len(acts), timeout=30)

    def run(act: Callable[[], T]) -> T | Refusal | DatabaseError:
        try:
            start.wait()
            return act()
        except (Refusal, DatabaseError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
