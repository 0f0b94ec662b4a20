"""Entries by an officer at a desk in the presence of the holder of a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.mediations import public as mediations
from bihuan.mediations.party_forms import PartyForm
from bihuan.orgs.models import User
from bihuan.portal import moves
from bihuan.portal.forms.track import ActForm
from bihuan.portal.public_act import Doing, PublicAct
from bihuan.portal.queries.track import Holder
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import TrackingCode


@dataclass(frozen=True)
class Done:
    """Whether it has taken effect; and the receipt if it created a case."""

    is_held: bool = False
    taken: IntakeResult | None = None


@transaction.atomic
def enter(
    *, who: Holder, act: PublicAct, form: ActForm, form_key: str, actor: User, now: datetime
) -> Done:
    """Enter it for the reporter, or hold it if it weakens their position: an officer knows the
    code.
    """
    desk_codes.note_desk_act(row=who.row, act=act.name, actor=actor, now=now)
    said = form.arguments()
    if act.weakens(said):
        desk_codes.hold(code=who.code, act=act.name, said=said, now=now, actor=actor)
        return Done(is_held=True)
    taken = act.do(Doing(who, now, form_key, said))
    if taken is not None:
        # The officer sees the code of the new case as well.
        TrackingCode.objects.filter(case=taken.case).update(is_from_desk=True)
    return Done(taken=taken)


@transaction.atomic
def enter_for_party(*, who: Holder, move: str, form: PartyForm, actor: User, now: datetime) -> Done:
    """Enter it for a party of a mediation: consents and endings are held, objections take
    effect at once.
    """
    name = f"party-{move}"
    desk_codes.note_desk_act(row=who.row, act=name, actor=actor, now=now)
    if move in moves.BINDING:
        desk_codes.hold(code=who.code, act=name, said=form.arguments(), now=now, actor=actor)
        return Done(is_held=True)
    mediations.make(case=who.case, slot=who.slot, move=move, form=form, now=now)
    return Done()
