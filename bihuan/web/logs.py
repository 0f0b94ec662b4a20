"""One format for all log lines: the instant with its offset, the level, the request, the message.

Request ids are generated here and never taken from outside, so that they cannot be matched to lines
of a proxy's log with the address of a member of the public.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

NONE = "-"
FORM = "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"

request_id: ContextVar[str] = ContextVar("request_id", default=NONE)


class NoAddresses(logging.Filter):
    """Logs the name of the page instead of the URL, which may contain anything.

    A tracking code typed after the slash would otherwise stay in the log for years.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        if path and isinstance(record.args, tuple):
            page = _page_of(request)
            record.args = tuple(
                arg.replace(path, page) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


class NoFault(logging.Filter):
    """Logs a malformed request as one line without a traceback.

    Requests with a wrong host or a truncated body arrive all day; a traceback would not help.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def _page_of(request: object) -> str:
    found = getattr(request, "resolver_match", None)
    return f"/{found.route}" if found else "no page"


class Line(logging.Formatter):
    """The only formatter, also for the messages of the web server itself."""

    def __init__(self, zone: str) -> None:
        super().__init__(FORM)
        self._zone = ZoneInfo(zone)

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)

    def formatTime(  # noqa: N802 - as it is called in the library
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        return datetime.fromtimestamp(record.created, self._zone).isoformat(timespec="milliseconds")
