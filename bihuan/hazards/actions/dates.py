"""Days that are set for a hazard."""

from __future__ import annotations

from bihuan.core.refusal import Refusal


class DeadlinePast(Refusal):
    """A deadline must be in the future when it is set."""


class NotLater(Refusal):
    """A later deadline is a day after the present one."""
