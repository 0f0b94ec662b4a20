"""Controls of a risk, and the checks whether they work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import risk as core
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.files import actions as files
from bihuan.files.actions import Checked
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User
from bihuan.risks import queries
from bihuan.risks.actions import timing
from bihuan.risks.actions.registration import held
from bihuan.risks.acts import Act
from bihuan.risks.models import Control, ControlCheck, RiskPoint
from bihuan.risks.refusals import (
    CheckInFuture,
    CheckOutOfOrder,
    CheckOverdue,
    ControlEnded,
    NotInForce,
    NotThisPost,
)
from bihuan.sites import queries as sites
from bihuan.sites.choices import posts_at


@dataclass(frozen=True)
class Measure:
    """What is done against a risk, which post checks it, and every how many days."""

    kind: str
    measure: str
    post: Post | None
    every_days: int

    def values(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "measure": masked(self.measure).text,
            "post": self.post.pk if self.post else None,
            "every_days": self.every_days,
        }


@dataclass(frozen=True)
class CheckResult:
    """What a check found, on which day."""

    is_effective: bool
    note: str
    checked_date: date


@transaction.atomic
def add_control(
    *,
    risk: RiskPoint,
    measure: Measure,
    actor: User | None,
    now: datetime,
    form_key: UUID | None = None,
) -> Control:
    """Add a control to a risk in force; its first check is due after the first period."""
    here = _in_force(risk, actor, now)
    if form_key and (made := Control.objects.filter(form_key=form_key).first()):
        return made
    _require_post(here, measure.post, now)
    control = Control.objects.create(
        risk=here,
        kind=measure.kind,
        measure=masked(measure.measure).text,
        post=measure.post,
        every_days=measure.every_days,
        next_due_date=core.next_check(localdate(now), measure.every_days),
        form_key=form_key,
    )
    timing.start(control, here.site.unit, now)
    after = {**measure.values(), "next_due_date": control.next_due_date.isoformat()}
    detail = {"risk": here.pk}
    record(control.subject, Act.ADD_CONTROL, by=actor, at=now, after=after, detail=detail)
    _record_on_risk(here, Act.ADD_CONTROL, control, actor, now)
    return control


@transaction.atomic
def change_control(
    *, control: Control, measure: Measure, actor: User | None, now: datetime
) -> Control:
    """Change a control; a new period counts from the last check, or from today. A longer one needs
    a check first if one is overdue.
    """
    here = _held(control, actor, now)
    _require_post(here.risk, measure.post, now)
    before = _values(here)
    here.kind, here.measure = measure.kind, masked(measure.measure).text
    here.post = measure.post
    if measure.every_days > here.every_days:
        _require_not_overdue(here, now)
    if measure.every_days != here.every_days:
        here.next_due_date = _next_due(here, measure.every_days, now)
        here.every_days = measure.every_days
    after = _values(here)
    if before == after:
        return here
    here.save()
    if before["next_due_date"] != after["next_due_date"]:
        timing.end(here, now)
        timing.start(here, here.risk.site.unit, now)
    record(here.subject, Act.CHANGE_CONTROL, by=actor, at=now, before=before, after=after)
    _record_on_risk(here.risk, Act.CHANGE_CONTROL, here, actor, now)
    return here


@transaction.atomic
def end_control(*, control: Control, reason: str, actor: User | None, now: datetime) -> Control:
    """End a control, with the reason; it and its checks stay on record."""
    here = _held(control, actor, now)
    if not reason.strip():
        raise Missing("reason")
    _require_not_overdue(here, now)
    here.ended_at = now
    here.save(update_fields=["ended_at"])
    timing.end(here, now)
    note = masked(reason).text
    record(here.subject, Act.END_CONTROL, by=actor, at=now, note=note)
    _record_on_risk(here.risk, Act.END_CONTROL, here, actor, now, note)
    return here


@transaction.atomic
def check(
    *,
    control: Control,
    result: CheckResult,
    actor: User,
    now: datetime,
    photos: Sequence[Checked] = (),
    form_key: UUID | None = None,
) -> ControlCheck:
    """Record a check by the post named or by an officer in charge of the site."""
    here = _locked(control)
    if not queries.may_check(actor, here, now):
        raise NotAllowed
    if form_key and (made := ControlCheck.objects.filter(form_key=form_key).first()):
        return made
    _require_open(here)
    _require_day(here, result.checked_date, now)
    if not result.is_effective and not result.note.strip():
        raise Missing("note")
    note = masked(result.note).text
    made = ControlCheck.objects.create(
        control=here,
        checked_date=result.checked_date,
        is_effective=result.is_effective,
        note=note,
        post=queries.checking_post(actor, here, now),
        recorded_at=now,
        form_key=form_key,
    )
    _count_from(here, result.checked_date, now)
    outcome = {"is_effective": result.is_effective, "day": result.checked_date.isoformat()}
    record(here.subject, Act.CHECK, by=actor, at=now, note=note, detail=outcome)
    _record_on_risk(here.risk, Act.CHECK, here, actor, now, note)
    if photos:
        attached = files.attach(
            subject=here.subject, uploads=photos, actor=actor, now=now, form_key=form_key
        )
        made.photos.set(attached)
    return made


def _next_due(control: Control, every_days: int, now: datetime) -> date:
    """Return the day by which it is checked with this interval; a shorter one never postpones."""
    since = control.last_checked_date or localdate(now)
    found = core.next_check(since, every_days)
    return min(found, control.next_due_date) if every_days < control.every_days else found


def _count_from(control: Control, day: date, now: datetime) -> None:
    control.last_checked_date = day
    control.next_due_date = core.next_check(day, control.every_days)
    control.save(update_fields=["last_checked_date", "next_due_date"])
    timing.stop(control, now)
    timing.start(control, control.risk.site.unit, now)


def _require_day(control: Control, day: date, now: datetime) -> None:
    if day > localdate(now):
        raise CheckInFuture
    if control.last_checked_date is not None and day < control.last_checked_date:
        raise CheckOutOfOrder


def _require_not_overdue(control: Control, now: datetime) -> None:
    if control.next_due_date < localdate(now):
        raise CheckOverdue


def _require_post(risk: RiskPoint, post: Post | None, now: datetime) -> None:
    if post is None:
        return
    offered = posts_at(risk.site, localdate(now))
    if not offered.filter(pk=post.pk).exists():
        raise NotThisPost


def _require_open(control: Control) -> None:
    if control.ended_at is not None:
        raise ControlEnded
    if not control.risk.is_in_force or control.risk.site.closed_at is not None:
        raise NotInForce


def _in_force(risk: RiskPoint, actor: User | None, now: datetime) -> RiskPoint:
    here = held(risk, actor, now)
    if not here.is_in_force:
        raise NotInForce
    return here


def _locked(control: Control) -> Control:
    rows = Control.objects.select_for_update(of=("self",))
    return rows.select_related("risk__site__unit", "post").get(pk=control.pk)


def _held(control: Control, actor: User | None, now: datetime) -> Control:
    """Return the control, locked, if the officer may change it and it is in force."""
    here = _locked(control)
    if actor is not None and not sites.may_change(actor, here.risk.site, now):
        raise NotAllowed
    _require_open(here)
    return here


def _values(control: Control) -> dict[str, object]:
    return {
        "kind": control.kind,
        "measure": control.measure,
        "post": control.post_id,
        "every_days": control.every_days,
        "next_due_date": control.next_due_date.isoformat(),
    }


def _record_on_risk(
    risk: RiskPoint, act: Act, control: Control, actor: User | None, now: datetime, note: str = ""
) -> None:
    detail = {"control": control.pk, "measure": control.measure[:120]}
    record(risk.subject, act, by=actor, at=now, note=note, detail=detail)
