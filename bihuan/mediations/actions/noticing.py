"""A dispute that an officer noticed on a screening round: a place and a subject, and no names.

It binds nobody. It becomes a mediation when somebody who is in it asks for one, and ends when it
is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.cases import queries
from bihuan.cases.actions import clocks, words
from bihuan.cases.actions.loop import begin, finish, next_number
from bihuan.cases.actions.seals import Identity, seal
from bihuan.cases.models import REPORTER, Case
from bihuan.core import legible, lifecycle
from bihuan.core.masking import masked
from bihuan.core.mediation import MEDIATION, Move, Stage
from bihuan.core.refusal import Missing
from bihuan.journal.actions import record
from bihuan.mediations.models import Mediation, Party
from bihuan.orgs.models import Unit, User


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
    try:
        return _notice(dispute, actor, now, form_key)
    except IntegrityError:
        made = Case.objects.filter(form_key=form_key, reported_by=actor).first()
        if form_key is None or made is None:
            raise
        return made


@transaction.atomic
def _notice(dispute: Dispute, actor: User, now: datetime, form_key: UUID | None) -> Case:
    if not legible.has_words(dispute.title) or not legible.has_words(dispute.place):
        raise Missing("title", "place")
    person = queries.person(actor, now)
    seat = lifecycle.require_birth(MEDIATION, dispute.unit.path, person, Move.NOTICE)
    case = Case.objects.create(
        number=next_number(MEDIATION.kind, now),
        kind=MEDIATION.kind,
        stage=Stage.NOTICED,
        title=masked(legible.clean(dispute.title)).text,
        description=masked(legible.clean(dispute.description)).text,
        category=dispute.category,
        place=masked(legible.clean(dispute.place)).text,
        owner=dispute.unit,
        origin=dispute.unit,
        reported_by=actor,
        channel=Case.Channel.DESK,
        reported_at=now,
        round_at=now,
        form_key=form_key,
    )
    Mediation.objects.create(case=case)
    words.index(case)
    clocks.run(case, MEDIATION.transition(Move.NOTICE), now)
    case.save(update_fields=["due_at", "is_due_provisional"])
    unit = Unit.objects.values_list("name", flat=True).get(path=seat.path)
    record(
        case.subject,
        Move.NOTICE,
        by=actor,
        at=now,
        after={"title": case.title, "place": case.place, "owner": case.owner_id},
        detail={"to": case.stage, "unit": unit},
    )
    return case


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
