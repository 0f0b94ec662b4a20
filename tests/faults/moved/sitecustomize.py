"""Every Python that starts with this folder on its path runs so many seconds ahead of its clock.

What tests start as a process of its own lives in their time too; there the clock goes on.
"""

import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.core import signing
from django.utils import timezone

AHEAD = timedelta(seconds=float(os.environ["TESTS_SECONDS_AHEAD"]))


def now() -> datetime:
    return datetime.now(UTC) + AHEAD  # noqa: TID251 - the clock that is moved


timezone.now = now  # noqa: TID251 - read by pages and commands
signing.time = SimpleNamespace(time=lambda: now().timestamp())  # type: ignore[attr-defined]
