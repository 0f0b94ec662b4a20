"""Register, change, retire and reopen a risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import risk as core
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.risks.actions import timing
from bihuan.risks.acts import Act
from bihuan.risks.models import Control, RiskPoint
from bihuan.risks.refusals import (
    AlreadyInForce,
    NotInForce,
    SameTitle,
    SiteClosed,
    StillGraded,
)
from bihuan.sites import queries as sites
from bihuan.sites.models import Site


@dataclass(frozen=True)
class RiskWords:
    """What a risk is called, and what can happen; texts name no person."""

    title: str
    harm: str

    def masked(self) -> RiskWords:
        return RiskWords(masked(self.title).text, masked(self.harm).text)


@dataclass(frozen=True)
class Levels:
    """How likely it is, and how grave; both from 1 to 5."""

    likelihood: int
    consequence: int


def allowed(user: User | None, site: Site, now: datetime) -> None:
    """Refuse unless the officer is in charge of the site; imports have been checked before."""
    if user is not None and not sites.may_change(user, site, now):
        raise NotAllowed
    if site.closed_at is not None:
        raise SiteClosed


def held(risk: RiskPoint, actor: User | None, now: datetime) -> RiskPoint:
    """Return the risk, locked until the transaction ends, if the officer may change it."""
    rows = RiskPoint.objects.select_for_update(of=("self",)).select_related("site__unit")
    here = rows.get(pk=risk.pk)
    allowed(actor, here.site, now)
    return here


def graded(levels: Levels, now: datetime) -> dict[str, object]:
    """Return the columns of a grade by the version of the matrix that is in use."""
    matrix = core.current(localdate(now))
    colour = matrix.colour(levels.likelihood, levels.consequence)
    return {
        "likelihood": levels.likelihood,
        "consequence": levels.consequence,
        "colour": colour.value,
        "matrix": matrix.key,
    }


@transaction.atomic
def register(
    *,
    site: Site,
    words: RiskWords,
    levels: Levels,
    actor: User | None,
    now: datetime,
    form_key: UUID | None = None,
) -> RiskPoint:
    """Register a risk on a site; its colour is computed and kept with the matrix version."""
    allowed(actor, site, now)
    if form_key and (made := RiskPoint.objects.filter(form_key=form_key).first()):
        return made
    said, grade = words.masked(), graded(levels, now)
    try:
        with transaction.atomic():
            risk = RiskPoint.objects.create(
                site=site, title=said.title, harm=said.harm, form_key=form_key, **grade
            )
    except IntegrityError as clash:
        raise SameTitle from clash
    after = {"title": risk.title, "harm": risk.harm, **grade}
    record(risk.subject, Act.REGISTER, by=actor, at=now, after=after, detail={"site": site.code})
    return risk


@transaction.atomic
def change(*, risk: RiskPoint, words: RiskWords, actor: User | None, now: datetime) -> RiskPoint:
    """Change the words of a risk; its grade is changed by `regrading`."""
    here = held(risk, actor, now)
    if not here.is_in_force:
        raise NotInForce
    said = words.masked()
    before = {"title": here.title, "harm": here.harm}
    after = {"title": said.title, "harm": said.harm}
    if before == after:
        return here
    here.title, here.harm = said.title, said.harm
    try:
        with transaction.atomic():
            here.save(update_fields=["title", "harm"])
    except IntegrityError as clash:
        raise SameTitle from clash
    record(here.subject, Act.CHANGE, by=actor, at=now, before=before, after=after)
    return here


@transaction.atomic
def retire(*, risk: RiskPoint, reason: str, actor: User, now: datetime) -> RiskPoint:
    """Take a risk that no longer exists off the register; it stays on record with the reason.

    One officer alone does not take off what would need two officers to be graded lower.
    """
    here = held(risk, actor, now)
    if not here.is_in_force:
        raise NotInForce
    if not reason.strip():
        raise Missing("reason")
    if here.colour != core.Colour.BLUE:
        raise StillGraded
    here.stage, here.retired_at = RiskPoint.Stage.RETIRED, now
    here.save(update_fields=["stage", "retired_at"])
    for control in Control.objects.filter(risk=here, ended_at=None):
        timing.end(control, now)
    record(here.subject, Act.RETIRE, by=actor, at=now, note=masked(reason).text)
    return here


@transaction.atomic
def reopen(*, risk: RiskPoint, reason: str, actor: User, now: datetime) -> RiskPoint:
    """Put a retired risk back into force; its controls are to be checked again today."""
    here = held(risk, actor, now)
    if here.is_in_force:
        raise AlreadyInForce
    if not reason.strip():
        raise Missing("reason")
    here.stage, here.retired_at = RiskPoint.Stage.IN_FORCE, None
    here.save(update_fields=["stage", "retired_at"])
    record(here.subject, Act.REOPEN, by=actor, at=now, note=masked(reason).text)
    for control in Control.objects.filter(risk=here, ended_at=None).order_by("pk"):
        timing.begin(control, here.site.unit, now)
        record(control.subject, Act.REOPEN, by=actor, at=now)
    return here
