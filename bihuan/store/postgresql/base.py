"""The database engine that the settings use instead of Django's own."""

from __future__ import annotations

import select
from time import monotonic

from django.db.backends.postgresql import base

PAUSE = 10.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks the connection at each request, as Django does, but queries only after a pause.

    A server that shuts down closes the connection, so that its socket becomes readable. A
    connection that is lost silently, as by some firewalls, is detected by the query after a pause.
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
        """Whether the socket has no unexpected data from the server."""
        if self.connection is None or self.connection.closed:
            return False
        heard = select.poll()
        heard.register(self.connection.fileno(), select.POLLIN)
        return not heard.poll(0)
