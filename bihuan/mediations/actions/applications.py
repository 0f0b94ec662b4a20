"""A party brings a mediation; the other sides are recorded under seal and invited by a slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model

from bihuan.cases import queries as cases
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.mediation import MEDIATION, MOST_PARTIES, Move, TooManyParties
from bihuan.core.refusal import Missing, Refusal
from bihuan.mediations.models import Mediation, Party
from bihuan.mediations.queries import slot_of
from bihuan.orgs.models import User
from bihuan.receipts import codes, slips
from bihuan.receipts.accounts import Identity, Intake, IntakeResult
from bihuan.receipts.actions import intake
from bihuan.receipts.actions.seals import seal, sealed
from bihuan.receipts.models import TrackingCode


class AlreadyInvited(Refusal):
    """The slip of this party was already printed; it is printed once only."""


class AlreadyAnswered(Refusal):
    """The party has already used its code, which cannot be replaced."""


@dataclass(frozen=True)
class Invitation:
    """The slip for one party: its code in digits, and signed with day and content."""

    slot: str
    code: str
    slip: str
    day: date


def bring(new_intake: Intake) -> IntakeResult:
    """Bring a dispute to mediation; a party who brings it themselves consents by doing so."""

    def make(case: Case) -> list[Model]:
        mediation = Mediation(case=case)
        consent = (
            {"consents": True, "consented_at": new_intake.now} if new_intake.actor is None else {}
        )
        rows: list[Model] = [
            mediation,
            Party(mediation=mediation, slot=REPORTER, role=Party.Role.APPLICANT, **consent),
        ]
        slot, other = slot_of(2), new_intake.other_party
        if other and (seal := sealed(case=case, identity=other, now=new_intake.now, slot=slot)):
            rows += [seal, Party(mediation=mediation, slot=slot, role=Party.Role.OTHER)]
        return rows

    return intake.take_in(MEDIATION.kind, new_intake, make=make)


@transaction.atomic
def add_party(
    *, case: Case, actor: User, now: datetime, identity: Identity, version: int | None = None
) -> Case:
    """Record another side of the dispute; its identity is sealed at once."""
    act = begin(case=case, move=Move.ADD_PARTY, actor=actor, now=now, version=version)
    if not legible.has_words(identity.name):
        raise Missing("party")
    act.detail["party"] = _seat(act.case, identity, now).slot
    return finish(act)


def _seat(case: Case, identity: Identity, now: datetime) -> Party:
    seated = Party.objects.filter(mediation=case.pk).count()
    if seated >= MOST_PARTIES:
        raise TooManyParties(MOST_PARTIES)
    slot = slot_of(seated + 1)
    seal(case=case, identity=identity, now=now, slot=slot)
    return Party.objects.create(mediation_id=case.pk, slot=slot, role=Party.Role.OTHER)


# ------------------------------------------------------------------ invitation
@transaction.atomic
def invite(
    *, case: Case, slot: str, actor: User, now: datetime, form_key: str, again: bool = False
) -> Invitation:
    """Give a party its code, on a slip that is printed once.

    A lost slip can be replaced, which makes it void, only until its party has used it.
    """
    act = begin(case=case, move=Move.INVITE, actor=actor, now=now)
    party = Party.objects.select_for_update().filter(mediation=act.case.pk, slot=slot).first()
    if party is None or has_own_code(act.case, party):
        raise Missing("party")
    earlier = TrackingCode.objects.filter(case=act.case, slot=slot)
    if earlier.exists():
        if party.consents is not None or party.accepts_mediator is not None:
            raise AlreadyAnswered
        if not again:
            raise AlreadyInvited
        earlier.delete()
    digest = slips.content_digest(_said(act.case), [])
    code = intake.give_code(case=act.case, form_key=form_key, digest=digest, now=now, slot=slot)
    act.detail.update(party=slot, again=again)
    finish(act)
    day = running.local_date(now)
    slip = slips.signed(code=code, day=day, due=None, content=digest)
    return Invitation(slot, code, slip, day)


def has_own_code(case: Case, party: Party) -> bool:
    """Whether the bringer has a code: those who bring a dispute do; those who ask about a
    noticed one do not.
    """
    return party.role == Party.Role.APPLICANT and case.channel in cases.FROM_PUBLIC


def phrase(invitation: Invitation, language: str) -> str:
    """Return the code in words that can be read out and remembered."""
    return codes.phrase(invitation.code, language)


def _said(case: Case) -> dict[str, object]:
    names = ("title", "description", "place", "category")
    return {name: getattr(case, name) for name in names}
