"""The database engine that the settings name in place of Django's own."""

from __future__ import annotations

import select
from time import monotonic

from django.db.backends.postgresql import base

PAUSE = 10.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a connection at each request, as Django does, but asks only after a pause.

    A server that goes says so on the connection, and then something is there to be read. What
    goes without a word, as with some firewalls, goes after a pause.
    """

    _asked_at = -PAUSE

    def is_usable(self) -> bool:
        now = monotonic()
        if now - self._asked_at < PAUSE and self._is_silent():
            return True
        usable: bool = super().is_usable()
        self._asked_at = now if usable else -PAUSE
        return usable

    def _is_silent(self) -> bool:
        """Nothing came from the server that nobody waited for."""
        if self.connection is None or self.connection.closed:
            return False
        heard = select.poll()
        heard.register(self.connection.fileno(), select.POLLIN)
        return not heard.poll(0)
