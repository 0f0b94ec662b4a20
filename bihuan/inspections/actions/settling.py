"""What follows from a failed item: a hazard, a fix on the spot, or a reason for neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import inspection as core
from bihuan.core import legible
from bihuan.core.inspection import Act, Outcome, Stage
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing
from bihuan.core.resent import mark_of
from bihuan.files.actions import Checked
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.found import Finding
from bihuan.inspections import queries
from bihuan.inspections.actions import answering
from bihuan.inspections.actions.course import locked, require_own_post
from bihuan.inspections.models import Inspection, Photo, Settlement
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User
from bihuan.sites.actions import links


@dataclass(frozen=True)
class Proposal:
    """The hazard as the inspector confirmed it; grade and deadline are proposals to those who
    confirm and assign it.
    """

    title: str
    place: str
    unit: Unit
    description: str = ""
    category: str = ""
    grade: str = ""
    deadline_date: date | None = None
    criterion: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Decision:
    """What the inspector decides about one failed item."""

    item: str
    outcome: Outcome
    reason: str = ""
    hazard: Proposal | None = None
    # What shows the fix, in addition to photos of it taken before.
    photos: tuple[Checked, ...] = ()


@transaction.atomic
def settle(
    *, inspection: Inspection, decisions: Sequence[Decision], actor: User, now: datetime
) -> list[Settlement]:
    """Record what follows from these failed items; all or none."""
    here = locked(inspection)
    require_own_post(here, actor, now)
    core.after(Stage(here.stage), Act.SETTLE)
    found = queries.record_of(here)
    failed = {item.key for item in found.failed}
    made = []
    for decision in decisions:
        if decision.item in found.settlements:
            continue  # sent twice
        if decision.item not in failed:
            raise core.NotFailed
        row = _settled(found, decision, actor, now)
        row.save(force_insert=True)
        made.append(row)
    if made:
        detail = {"items": {row.item: row.case_number or row.outcome for row in made}}
        record(here.subject, Act.SETTLE, by=actor, at=now, detail=detail)
    return made


@transaction.atomic
def withdraw(*, settlement: Settlement, actor: User, now: datetime) -> None:
    """Take back a fix or a reason; a hazard that was reported stays."""
    here = locked(settlement.inspection)
    require_own_post(here, actor, now)
    core.after(Stage(here.stage), Act.SETTLE)
    row = Settlement.objects.filter(pk=settlement.pk).first()
    if row is None:
        return
    if row.outcome == Outcome.HAZARD:
        raise core.AlreadySettled
    row.delete()
    detail = {"items": {row.item: "withdrawn"}}
    record(here.subject, Act.SETTLE, by=actor, at=now, note=row.reason, detail=detail)


def _settled(found: queries.Record, decision: Decision, actor: User, now: datetime) -> Settlement:
    row = Settlement(
        inspection=found.inspection,
        item=decision.item,
        outcome=Outcome(decision.outcome).value,
        reason=masked(legible.clean(decision.reason)).text,
        settled_at=now,
    )
    match decision.outcome:
        case Outcome.HAZARD:
            if decision.hazard is None:
                raise Missing("hazard")
            _propose(row, decision.hazard)
            case = _reported(found, decision.item, decision.hazard, actor, now)
            row.case_number = case.number
        case Outcome.FIXED:
            _show_fix(found, decision, actor, now)
        case Outcome.REASON:
            if not legible.has_words(row.reason):
                raise Missing("reason")
            if queries.must_be_reported(found, decision.item):
                raise core.MustBeReported
    return row


def _show_fix(found: queries.Record, decision: Decision, actor: User, now: datetime) -> None:
    for upload in decision.photos:
        answering.add_photo(
            inspection=found.inspection,
            item=decision.item,
            purpose=Photo.Purpose.FIXED,
            upload=upload,
            actor=actor,
            now=now,
            key=mark_of(str(found.inspection.key), "fixed", decision.item, upload.sha256),
        )
    if not decision.photos and not found.photos_of(decision.item, Photo.Purpose.FIXED):
        raise Missing("photo")


def _propose(row: Settlement, hazard: Proposal) -> None:
    row.proposed_grade, row.proposed_date = hazard.grade, hazard.deadline_date
    row.criterion, row.basis = hazard.criterion, hazard.basis


def _reported(
    found: queries.Record, item: str, hazard: Proposal, actor: User, now: datetime
) -> Case:
    """Report the hazard by the loop's own action, and link it to the site."""
    inspection = found.inspection
    case = reporting.report(
        finding=Finding(
            title=hazard.title,
            place=hazard.place,
            unit=hazard.unit,
            found_date=running.local_date(now),
            description=hazard.description,
            category=hazard.category,
            point=inspection.site.point,
            criterion=hazard.criterion,
        ),
        actor=actor,
        now=now,
        photos=[photo.file for photo in found.photos_of(item, Photo.Purpose.FOUND)],
        form_key=_key(inspection, item),
    )
    links.link(site=inspection.site, case=case, actor=actor, now=now)
    return case


def _key(inspection: Inspection, item: str) -> UUID:
    """Return the key under which the hazard of this item is reported once."""
    return mark_of(str(inspection.key), "hazard", item)
