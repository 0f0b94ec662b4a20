"""What other apps do when an inspection begins or ends, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bihuan.core.inspection import Stage
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import User

# Takes the inspection as it is after the act, who acted (None: a plan), and the time.
Hook = Callable[[Inspection, User | None, datetime], None]

_hooks: dict[Stage, dict[str, Hook]] = {stage: {} for stage in Stage}


def register(stage: Stage, name: str, hook: Hook) -> None:
    """Have it called when an inspection comes to this stage. For `AppConfig.ready`."""
    _hooks[stage][name] = hook


def reached(inspection: Inspection, actor: User | None, now: datetime) -> None:
    for hook in _hooks[Stage(inspection.stage)].values():
        hook(inspection, actor, now)
