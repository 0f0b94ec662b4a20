"""Entries by an officer at a desk in the presence of the holder of a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.orgs.models import User
from bihuan.portal.moves import OF_PARTY
from bihuan.portal.public_act import AnyPublicAct, Doing, FilledAct
from bihuan.portal.queries.track import Holder
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import TrackingCode
from bihuan.receipts.party_moves import AnyPartyMove, FilledIn, PartyRequest


@dataclass(frozen=True)
class Done:
    """Whether it has taken effect; and the receipt if it created a case."""

    is_held: bool = False
    taken: IntakeResult | None = None


@transaction.atomic
def enter(
    *,
    who: Holder,
    act: AnyPublicAct,
    filled: FilledAct,
    form_key: str,
    actor: User,
    now: datetime,
) -> Done:
    """Enter it for the reporter, or hold it if it weakens their position: an officer knows the
    code.
    """
    desk_codes.note_desk_act(row=who.row, act=act.name, actor=actor, now=now)
    if filled.weakens():
        desk_codes.hold(code=who.code, act=act.name, values=filled.said(), now=now, actor=actor)
        return Done(is_held=True)
    taken = filled.do(Doing(who, now, form_key))
    if taken is not None:
        # The officer sees the code of the new case as well.
        TrackingCode.objects.filter(case=taken.case).update(is_from_desk=True)
    return Done(taken=taken)


@transaction.atomic
def enter_for_party(
    *, who: Holder, page: AnyPartyMove, filled: FilledIn, actor: User, now: datetime
) -> Done:
    """Enter it for one of several parties: consents and endings are held, objections take effect
    at once.
    """
    name = f"{OF_PARTY}{page.move}"
    desk_codes.note_desk_act(row=who.row, act=name, actor=actor, now=now)
    if page.is_binding:
        desk_codes.hold(code=who.code, act=name, values=filled.said(), now=now, actor=actor)
        return Done(is_held=True)
    filled.make(PartyRequest(case=who.case, slot=who.slot, now=now))
    return Done()
