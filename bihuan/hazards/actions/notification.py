"""What a hazard's reporter is owed: a conclusion in time, and news of the result (HAZ-11)."""

from __future__ import annotations

from bihuan.cases import queries
from bihuan.cases.actions.loop import MoveContext
from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.receipts.actions import public
from bihuan.receipts.models import Message

CONCLUDE, FEED_BACK = "HAZ-11a", "HAZ-11b"


def is_from_public(case: Case) -> bool:
    return case.channel in queries.FROM_PUBLIC


def promise(case: Case) -> Clock:
    """Return the clock for the conclusion that the reporter is owed."""
    return case.clocks.get(rule_id=CONCLUDE, stopped_at=None)


def with_promise(act: MoveContext, rule_id: str) -> tuple[str, ...]:
    """Add this clock to those that the move starts, if a member of the public waits."""
    return (*act.row.starts, rule_id) if is_from_public(act.case) else act.row.starts


def without_promises(act: MoveContext) -> tuple[str, ...]:
    """Add the clocks of what the reporter was owed to those that the move stops."""
    return (*act.row.stops, CONCLUDE, FEED_BACK)


def tell(act: MoveContext, what: str, text: str = "", **detail: str) -> None:
    """Send a standard letter with the officer's own text below; nothing for an officer's own
    finding.
    """
    if is_from_public(act.case):
        public.write(act, Message.Kind.LETTER, what=what, text=text, detail=detail)
