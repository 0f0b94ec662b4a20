"""Letters to all parties, each under its own code, and notices to the office."""

from __future__ import annotations

from typing import Any

from bihuan.cases import answering
from bihuan.cases.actions.loop import MoveContext
from bihuan.cases.models import Case
from bihuan.core.mediation import COORDINATORS
from bihuan.mediations.models import Party
from bihuan.mediations.queries import mediator_of
from bihuan.notices.actions import tell
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message


def subject(case: Case) -> str:
    """Return the subject of notices to officers about the parties' own acts."""
    return f"mediation/{case.number}"


def tell_parties(act: MoveContext, what: str, *, kind: Message.Kind, **detail: Any) -> None:
    """Send the same message to every party; it does not reveal who another party is."""
    slots = Party.objects.filter(mediation=act.case.pk).order_by("pk")
    for slot in slots.values_list("slot", flat=True):
        write(act, kind, what=what, slot=slot, detail=detail)


def tell_office(act: MoveContext) -> None:
    """Notify the mediator and the coordinators of what a party did with its code."""
    case = act.case
    mediator = mediator_of(case, act.now)
    recipients = answering.holders(case, [case.owner.path], COORDINATORS, act.now)
    tell(
        {*recipients, mediator} if mediator else recipients,
        subject=subject(case),
        what=act.row.move,
        cause=f"{act.row.move}/{case.pk}/{act.now.isoformat()}",
        now=act.now,
        detail={"title": case.title},
    )
