"""A dispute that an officer noticed on a screening round: a place and a subject, and no names.

It binds nobody. It becomes a mediation when somebody who is in it asks for one, and ends when it
is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases.actions import desk, words
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import REPORTER, Case
from bihuan.core.masking import masked
from bihuan.core.mediation import MEDIATION, Move
from bihuan.core.refusal import Missing
from bihuan.mediations.models import Mediation, Party
from bihuan.orgs.models import Unit, User
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions.seals import seal


@dataclass(frozen=True)
class Dispute:
    """What was noticed: about what, where, and within which unit."""

    title: str
    place: str
    unit: Unit
    description: str = ""
    category: str = ""

    @property
    def names_people(self) -> bool:
        """Whether its words hold what identifies somebody, which is masked before it is stored."""
        return any(masked(text).found for text in (self.title, self.place, self.description))


def notice(*, dispute: Dispute, actor: User, now: datetime, form_key: UUID | None = None) -> Case:
    """Note a dispute; the same form sent twice gives the case that it made the first time."""
    return desk.once(form_key, actor, lambda: _notice(dispute, actor, now, form_key))


@transaction.atomic
def _notice(dispute: Dispute, actor: User, now: datetime, form_key: UUID | None) -> Case:
    unit = desk.require_may_enter(MEDIATION, Move.NOTICE, dispute, actor, now)
    case = desk.new_case(MEDIATION, Move.NOTICE, dispute, actor=actor, now=now, form_key=form_key)
    Mediation.objects.create(case=case)
    words.index(case)
    return desk.start(case, MEDIATION.transition(Move.NOTICE), actor=actor, now=now, unit=unit)


@transaction.atomic
def ask(
    *,
    case: Case,
    actor: User,
    now: datetime,
    identity: Identity,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Somebody in the dispute asks for a mediation: who it is goes under seal at once.

    The consent is theirs alone to give, with the code on the slip that is printed next.
    """
    act = begin(case=case, move=Move.ASK, actor=actor, now=now, note=note, version=version)
    if not identity.name.strip():
        raise Missing("party")
    seal(case=act.case, identity=identity, now=now, slot=REPORTER)
    Party.objects.create(mediation_id=act.case.pk, slot=REPORTER, role=Party.Role.APPLICANT)
    act.detail["party"] = REPORTER
    return finish(act)


@transaction.atomic
def settle(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """The dispute is over, and nobody asked for a mediation."""
    return finish(
        begin(case=case, move=Move.SETTLE, actor=actor, now=now, note=note, version=version)
    )
