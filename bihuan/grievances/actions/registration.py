"""What the reporter does: submit it, withdraw it, report retaliation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from bihuan.cases.actions import loop
from bihuan.cases.models import Case, Exclusion, Extension
from bihuan.core import legible, procedure
from bihuan.core.grievance import GRIEVANCE, Move
from bihuan.core.procedure import Procedure
from bihuan.core.refusal import Missing
from bihuan.grievances import queries
from bihuan.grievances.actions.procedure_clocks import proceed
from bihuan.grievances.models import Grievance, Handover
from bihuan.orgs.models import Unit, User
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.actions import intake, public


def receive(new_intake: Intake) -> IntakeResult:
    """Receive a grievance; an accusation is confidential from the start."""
    ruled = procedure.named(settings.PROCEDURE)
    way = ruled.confidential_way.id if new_intake.is_accusation else ""
    if new_intake.is_accusation:
        new_intake = replace(new_intake, account=_confidential(new_intake.account, new_intake.now))
    category = new_intake.subject.pk if new_intake.subject else None

    def make(case: Case) -> list[Model]:
        own = {"procedure": ruled.id, "way": way, "wants_paper": new_intake.wants_paper}
        return [Grievance(case=case, category_id=category, **own)]

    return _taken_in(ruled, new_intake, make)


def _confidential(account: Account, now: datetime) -> Account:
    """Even if no one is named, it goes to a unit that can take it up."""
    if account.about_units or account.about_officers:
        return replace(account, is_confidential=True)
    unit = queries.nearest_taker(account.unit, now)
    return replace(account, is_confidential=True, unit=unit)


def _taken_in(
    ruled: Procedure, new_intake: Intake, make: Callable[[Case], Sequence[Model]]
) -> IntakeResult:
    return intake.take_in(
        GRIEVANCE.kind,
        new_intake,
        make=make,
        starts=ruled.clocks_of(GRIEVANCE.transition(Move.RECEIVE)).starts,
        jurisdiction=ruled.jurisdiction,
    )


@transaction.atomic
def withdraw(*, case: Case, now: datetime, note: str = "") -> Case:
    """Withdraw it; sub-cases of other bodies end with it."""
    act = loop.begin_public(case=case, move=Move.WITHDRAW, now=now)
    public.say_why(act, note)
    for part in Case.objects.filter(parent=act.case, kind=GRIEVANCE.kind, ended_at=None):
        if GRIEVANCE.transition(Move.WITHDRAW).sources >= {part.stage}:
            withdraw(case=part, now=now)
    Handover.objects.filter(case=act.case, ended_at=None).update(ended_at=now)
    Extension.objects.filter(case=act.case, granted=None).delete()
    return proceed(act)


@transaction.atomic
def report_retaliation(
    *, case: Case, text: str, form_key: str, now: datetime, identity: Identity | None = None
) -> IntakeResult:
    """Report retaliation (PET-21): creates an urgent case elsewhere, with a separate code.
    Nothing of it appears on the first case, where those complained of could read it.
    """
    act = loop.begin_public(case=case, move=Move.REPORT_RETALIATION, now=now)
    if not legible.has_words(text):
        raise Missing("words")
    ruled = procedure.named(settings.PROCEDURE)
    account = Account(
        title=f"{act.case.number}: {legible.clean(text)[:120]}",
        description=legible.clean(text),
        unit=act.case.owner,
        identity=identity or Identity(),
        about_units=tuple(_meant(act.case)),
        about_officers=tuple(_officers_meant(act.case)),
        is_confidential=True,
        is_urgent=True,
        cause=Exclusion.Cause.RETALIATION,
    )

    def make(made: Case) -> list[Model]:
        return [Grievance(case=made, procedure=ruled.id, way=ruled.confidential_way.id)]

    return _taken_in(ruled, Intake(account, form_key, now), make)


def _meant(case: Case) -> list[Unit]:
    """Return the units that have the case, answered it, and were complained of at the start."""
    barred = Exclusion.objects.filter(case=case, member=None).select_related("unit")
    units = [case.owner, case.resolved_unit, *(bar.unit for bar in barred)]
    return list({unit.pk: unit for unit in units if unit}.values())


def _officers_meant(case: Case) -> list[User]:
    about = Exclusion.objects.filter(case=case, unit=None, cause=Exclusion.Cause.COMPLAINED_OF)
    return [bar.member for bar in about.select_related("member") if bar.member]
