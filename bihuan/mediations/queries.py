"""Questions about a mediation: where its parties stand, and what its agreement says."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from bihuan.cases import queries as cases
from bihuan.cases.models import REPORTER, Case, Clock, Seal, TrackingCode
from bihuan.core.mediation import MEDIATORS, Stance
from bihuan.mediations.models import Agreement, Confirmation, Party, Performance, Session
from bihuan.orgs.models import Tenure, User

USUAL_TIME = "MED-3"
COURT = "MED-6"
FOLLOW_UP = "LOC-12"


def slot_of(number: int) -> str:
    """The slot of the seal and code of the n-th party; the first is who brought it."""
    return REPORTER if number == 1 else f"party-{number}"


def number_of(slot: str) -> int:
    return 1 if slot == REPORTER else int(slot.removeprefix("party-"))


def parties(case: Case) -> list[Party]:
    return list(with_confirmed(Party.objects.filter(mediation=case.pk)).order_by("pk"))


def with_confirmed(rows: QuerySet[Party, Party]) -> QuerySet[Party, Party]:
    """Each party with the digest of the text on the table that it confirmed (`confirmed`)."""
    said = Confirmation.objects.filter(
        party=OuterRef("pk"),
        agreement__mediation=OuterRef("mediation"),
        agreement__withdrawn_at=None,
    )
    return rows.annotate(confirmed=Subquery(said.values("digest")[:1]))


def stance(party: Party) -> Stance:
    return Stance(
        consents=party.consents,
        accepts_mediator=party.accepts_mediator,
        agrees_to_open=party.agrees_to_open,
        confirmed=getattr(party, "confirmed", None) or "",
    )


def on_table(case: Case) -> Agreement | None:
    """The text that was not withdrawn: drafted, or in force."""
    return Agreement.objects.filter(mediation=case.pk, withdrawn_at=None).first()


def promised(agreement: Agreement) -> QuerySet[Performance]:
    return Performance.objects.filter(agreement=agreement).order_by("due_date", "pk")


def is_promise_open(case: Case) -> bool:
    """Whether something that the agreement in force promises still waits to be seen to."""
    return Performance.objects.filter(
        agreement__mediation=case.pk, agreement__withdrawn_at=None, done_at=None
    ).exists()


def sessions(case: Case) -> QuerySet[Session]:
    return Session.objects.filter(mediation=case.pk).order_by("meets_at", "pk")


def running(case: Case, rule_id: str) -> Clock | None:
    clocks = Clock.objects.filter(case=case, rule_id=rule_id, stopped_at=None)
    return clocks.order_by("-started_at", "-pk").first()


def mediator_of(case: Case, now: datetime) -> User | None:
    """The officer who holds the post that mediates, today."""
    if case.post_id is None:
        return None
    held = Tenure.objects.in_force(localdate(now)).filter(post=case.post_id)
    tenure = held.select_related("member").order_by("pk").first()
    return tenure.member if tenure else None


def may_read(case: Case, user: User, now: datetime) -> bool:
    """Whether the officer sits in the very unit that mediates: its records are private (MED-8)."""
    seats = cases.person(user, now).seats
    return any(seat.path == case.owner.path and seat.powers & MEDIATORS for seat in seats)


def invited(case: Case) -> dict[str, datetime]:
    """When each party was given its code."""
    return dict(TrackingCode.objects.filter(case=case).values_list("slot", "given_at"))


def sealed(case: Case) -> frozenset[str]:
    """The slots of which a name is kept under seal."""
    kept = Seal.objects.filter(case=case, erased_at=None)
    return frozenset(kept.values_list("slot", flat=True))
