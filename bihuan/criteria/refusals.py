"""What is refused about criteria."""

from __future__ import annotations

from bihuan.core.refusal import Refusal


class AlreadyConfirmed(Refusal):
    """Another officer confirmed the item meanwhile."""


class NotADraft(Refusal):
    """The item was read in its source, or can never be proposed: nothing is confirmed of it."""


class NotConfirmed(Refusal):
    """The item has no confirmation that could be withdrawn."""


class ReadInTheFuture(Refusal):
    """The official text cannot have been read on a day that has not come."""
