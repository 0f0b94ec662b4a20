"""Whether the clock can be believed, asked before a day is sealed: a part above answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

# Answers why not, in a sentence; nothing where it can be believed.
Doubt = Callable[[datetime], str]

_doubts: list[Doubt] = []


def register(doubt: Doubt) -> None:
    """Have `doubt(now)` asked. For `AppConfig.ready`."""
    _doubts.append(doubt)


def why_not(now: datetime) -> str:
    """Why the time cannot be believed; nothing where it can."""
    return next((why for doubt in _doubts if (why := doubt(now))), "")
