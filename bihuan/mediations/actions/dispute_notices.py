"""A dispute that an officer noticed in a screening round: a place and a subject, and no names.

It binds no one. It becomes a mediation when a person involved asks for one, and ends when it is
settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases.actions import entering, words
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
    """What was noticed: the subject, the place, and the unit."""

    title: str
    place: str
    unit: Unit
    description: str = ""
    category: str = ""

    @property
    def names_people(self) -> bool:
        """Whether its text contains personal data, which is masked before it is stored."""
        return any(masked(text).found for text in (self.title, self.place, self.description))


def notice(*, dispute: Dispute, actor: User, now: datetime, form_key: UUID | None = None) -> Case:
    """Record a dispute; the same form sent twice returns the case that it created the first
    time.
    """
    return entering.once(form_key, actor, lambda: _notice(dispute, actor, now, form_key))


@transaction.atomic
def _notice(dispute: Dispute, actor: User, now: datetime, form_key: UUID | None) -> Case:
    entered = entering.require_may_enter(MEDIATION, Move.NOTICE, dispute, actor, now)
    case = entering.new_case(
        MEDIATION, Move.NOTICE, dispute, actor=actor, now=now, form_key=form_key
    )
    Mediation.objects.create(case=case)
    words.index(case)
    row = MEDIATION.transition(Move.NOTICE)
    return entering.start(case, row, actor=actor, now=now, entered=entered)


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
    """Convert it to a mediation at the request of a person involved, whose identity is sealed at
    once.

    Consent requires their own code, on the slip that is printed next.
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
    """Record that the dispute is settled without a mediation."""
    return finish(
        begin(case=case, move=Move.SETTLE, actor=actor, now=now, note=note, version=version)
    )
