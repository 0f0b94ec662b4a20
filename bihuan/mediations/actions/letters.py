"""What all parties are told, each under its own code, and what the office hears of them."""

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
    """What notices to officers about the parties' own acts are about."""
    return f"mediation/{case.number}"


def tell_parties(act: MoveContext, what: str, *, kind: Message.Kind, **detail: Any) -> None:
    """The same word to every party; none learns from it who another is."""
    slots = Party.objects.filter(mediation=act.case.pk).order_by("pk")
    for slot in slots.values_list("slot", flat=True):
        write(act, kind, what=what, slot=slot, detail=detail)


def tell_office(act: MoveContext) -> None:
    """The mediator and whoever coordinates there hear what a party did with its code."""
    case = act.case
    mediator = mediator_of(case, act.now)
    told = answering.holders(case, [case.owner.path], COORDINATORS, act.now)
    tell(
        {*told, mediator} if mediator else told,
        subject=subject(case),
        what=act.row.move,
        cause=f"{act.row.move}/{case.pk}/{act.now.isoformat()}",
        now=act.now,
        detail={"title": case.title},
    )
