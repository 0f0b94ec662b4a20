"""Progress of a backup or a restore, printed from time to time."""

from __future__ import annotations

import time
from collections.abc import Callable

EVERY_SECONDS = 10.0


class Progress:
    """Prints the percentage of the announced total that has been done."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self._all = self._done = 0
        self._said_at = time.monotonic()

    def begin(self, size: int) -> None:
        self._all = size

    def more(self, size: int) -> None:
        self._done += size
        if time.monotonic() - self._said_at >= EVERY_SECONDS:
            self._said_at = time.monotonic()
            per_cent = min(99, 100 * self._done // max(self._all, 1))
            self.say(f"{per_cent} % ({self._done >> 20} MiB)")
