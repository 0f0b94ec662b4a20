"""Whether the system clock is plausible, checked before a day is sealed; an app above registers the
check.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

# Returns the reason why not, as a sentence; None if the clock is plausible.
Doubt = Callable[[datetime], str]

_doubts: list[Doubt] = []


def register(doubt: Doubt) -> None:
    """Register `doubt(now)` as the check. For `AppConfig.ready`."""
    _doubts.append(doubt)


def why_not(now: datetime) -> str:
    """Return why the system clock is implausible; None if it is plausible."""
    return next((why for doubt in _doubts if (why := doubt(now))), "")
