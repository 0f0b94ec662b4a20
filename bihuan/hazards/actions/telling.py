"""What whoever reported a hazard is owed: a conclusion in time, and word of what came (HAZ-11)."""

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
    """The clock by which the reporter is owed a conclusion."""
    return case.clocks.get(rule_id=CONCLUDE, stopped_at=None)


def with_promise(act: MoveContext, rule_id: str) -> tuple[str, ...]:
    """The clocks that the move starts, and this one where somebody of the public waits."""
    return (*act.row.starts, rule_id) if is_from_public(act.case) else act.row.starts


def without_promises(act: MoveContext) -> tuple[str, ...]:
    """The clocks that the move stops, and with them what was owed to the reporter."""
    return (*act.row.stops, CONCLUDE, FEED_BACK)


def tell(act: MoveContext, what: str, text: str = "", **detail: str) -> None:
    """A letter in standard words, and the officer's own below them; to nobody of an own finding."""
    if is_from_public(act.case):
        public.write(act, Message.Kind.LETTER, what=what, text=text, detail=detail)
