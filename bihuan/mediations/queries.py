"""Queries for a mediation: the positions of its parties, and its agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from bihuan.cases import queries as cases
from bihuan.cases.kinds import Look
from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.models import Clock
from bihuan.core.mediation import ASKED_BEFORE, MEDIATORS, Stage, Stance, facts
from bihuan.core.once import PerObject
from bihuan.mediations.models import Agreement, Confirmation, Party, Performance, Session
from bihuan.orgs.models import Tenure, User
from bihuan.receipts.models import TrackingCode

USUAL_TIME = "MED-3"
COURT = "MED-6"
FOLLOW_UP = "LOC-12"


def slot_of(number: int) -> str:
    """Return the slot of the seal and code of the nth party; the first one brought it."""
    return REPORTER if number == 1 else f"party-{number}"


def number_of(slot: str) -> int:
    return 1 if slot == REPORTER else int(slot.removeprefix("party-"))


def parties(case: Case) -> list[Party]:
    """Return the parties in order, loaded once per case; each with the mediation, the current
    draft and the meetings, so that a page needs no other query.
    """
    return _parties(case)


_parties: PerObject[Case, list[Party]] = PerObject("parties", lambda case: list(_seated(case.pk)))


def _seated(case: int) -> QuerySet[Party, Party]:
    rows = with_confirmed(Party.objects.filter(mediation=case)).select_related("mediation")
    here = OuterRef("mediation")
    text = Agreement.objects.filter(mediation=here, withdrawn_at=None)
    code = TrackingCode.objects.filter(case=here, slot=OuterRef("slot"))
    coming = Session.objects.filter(mediation=here, held_at=None).order_by("meets_at", "pk")
    waiting = Performance.objects.filter(
        agreement__mediation=here, agreement__withdrawn_at=None, done_at=None
    )
    found = rows.annotate(
        text=Subquery(text.values("pk")[:1]),
        digest=Subquery(text.values("digest")[:1]),
        in_force_at=Subquery(text.values("in_force_at")[:1]),
        has_promises=Exists(waiting),
        invited_at=Subquery(code.values("given_at")[:1]),
        meets_at=Subquery(coming.values("meets_at")[:1]),
        meets_where=Subquery(coming.values("place")[:1]),
        has_met=Exists(Session.objects.filter(mediation=here).exclude(held_at=None)),
    )
    return found.order_by("pk")


def with_confirmed(rows: QuerySet[Party, Party]) -> QuerySet[Party, Party]:
    """Annotate each party with the digest of the draft that it confirmed (`confirmed`)."""
    confirmed = Confirmation.objects.filter(
        party=OuterRef("pk"),
        agreement__mediation=OuterRef("mediation"),
        agreement__withdrawn_at=None,
    )
    return rows.annotate(confirmed=Subquery(confirmed.values("digest")[:1]))


def beside(case: Case, what: str) -> Any:
    """Return what `parties` loaded in addition: the text's `digest`, `in_force_at`, and so on.

    Empty while a noticed dispute has no parties.
    """
    seated = parties(case)
    return getattr(seated[0], what) if seated else None


def stance(party: Party) -> Stance:
    return Stance(
        consents=party.consents,
        accepts_mediator=party.accepts_mediator,
        agrees_to_open=party.agrees_to_open,
        confirmed=getattr(party, "confirmed", None) or "",
    )


def on_table(case: Case) -> Agreement | None:
    """Return the text that was not withdrawn: drafted, or in force."""
    return Agreement.objects.filter(mediation=case.pk, withdrawn_at=None).first()


def promised(agreement: Agreement | int) -> QuerySet[Performance]:
    return Performance.objects.filter(agreement=agreement).order_by("due_date", "pk")


def sessions(case: Case) -> QuerySet[Session]:
    return Session.objects.filter(mediation=case.pk).order_by("meets_at", "pk")


def running(case: Case, rule_id: str) -> Clock | None:
    clocks = case.clocks.filter(rule_id=rule_id, stopped_at=None)
    return clocks.order_by("-started_at", "-pk").first()


def is_asked_to_go_on(usual: Clock | None, now: datetime) -> bool:
    """Whether the usual month is about to end, or has ended (MED-3)."""
    return usual is not None and usual.due_at <= now + ASKED_BEFORE


def mediating(case: Case, now: datetime) -> Tenure | None:
    """Return the current holder of the mediating post, with the post and its unit."""
    if case.post_id is None:
        return None
    held = Tenure.objects.in_force(localdate(now)).filter(post=case.post_id)
    return held.select_related("member", "post__unit").order_by("pk").first()


def mediator_of(case: Case, now: datetime) -> User | None:
    tenure = mediating(case, now)
    return tenure.member if tenure else None


def may_read(case: Case, user: User, now: datetime) -> bool:
    """Whether the officer works in exactly the mediating unit: its records are private (MED-8)."""
    seats = cases.person(user, now).seats
    return any(seat.path == case.owner.path and seat.powers & MEDIATORS for seat in seats)


def look(case: Case) -> Look:
    """Return the parties' positions, and what remains of the agreement."""
    if case.ended_at is not None:
        return Look()
    return Look(
        facts(
            [stance(party) for party in parties(case)],
            has_mediator=case.post_id is not None,
            digest=beside(case, "digest") or "",
            parts_open=case.stage == Stage.AGREED and bool(beside(case, "has_promises")),
        )
    )
