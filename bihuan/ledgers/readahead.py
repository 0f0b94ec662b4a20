"""Read ahead in a thread, so that rows are parsed while earlier ones are being written."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 0.2  # seconds between checks whether the consumer still needs more


class _End:
    """The end marker: nothing, or the error that ended the reading."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Reader(Thread, Generic[T]):
    """Reads items until they end or the consumer stops."""

    def __init__(self, items: Iterable[T], depth: int) -> None:
        super().__init__(name="read-ahead", daemon=True)
        self.waiting: Queue[T | _End] = Queue(depth)
        self.given_up = Event()
        self._items = items

    def run(self) -> None:
        end = _End()
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:
            end = _End(error)
        self._put(end)

    def _put(self, item: T | _End) -> bool:
        while not self.given_up.is_set():
            with suppress(Full):
                self.waiting.put(item, timeout=_PATIENCE)
                return True
        return False


def read_ahead(items: Iterable[T], *, depth: int = 1) -> Generator[T, None, None]:
    """Yield the same items in the same order, with a bounded queue. An error is raised at its
    position.

    The items must not need the database, whose connections belong to one thread. Closing the
    generator ends the thread.
    """
    reader = _Reader(items, depth)
    reader.start()
    try:
        while not isinstance(item := reader.waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        reader.given_up.set()
        reader.join()
