"""The supervision listing (挂牌督办): by a level above, with its own deadline, until its review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import ANSWER, LISTED, HazardFact, Move
from bihuan.core.lifecycle import FactMissing
from bihuan.core.refusal import Missing
from bihuan.hazards import limits
from bihuan.hazards.actions import papers
from bihuan.hazards.actions.dates import DeadlinePast, NotLater
from bihuan.hazards.models import Listing
from bihuan.orgs.models import Unit, User


@dataclass(frozen=True)
class Terms:
    """What a listing sets: its deadline, how often an answer is owed, who accepts the fix, and
    when it is taken off the list.
    """

    until_date: date
    every_days: int
    acceptance_unit: Unit
    conditions: str


@transaction.atomic
def list_(
    *,
    case: Case,
    terms: Terms,
    actor: User,
    now: datetime,
    note: str,
    version: int | None = None,
) -> Case:
    """List a major hazard for supervision by a level above its owner."""
    act = loop.begin(case=case, move=Move.LIST, actor=actor, now=now, note=note, version=version)
    today = running.local_date(now)
    if terms.until_date < today:
        raise DeadlinePast
    limits.require(terms.until_date, now)
    if not legible.has_words(terms.conditions) or terms.every_days < 1:
        raise Missing("conditions", "every_days")
    made = Listing.objects.create(
        case=act.case,
        number=papers.next_number(papers.LISTING, now),
        unit=act.unit,
        listed_by=actor,
        listed_at=now,
        reason=act.note,
        until_date=terms.until_date,
        every_days=terms.every_days,
        acceptance_unit=terms.acceptance_unit,
        conditions=legible.clean(terms.conditions),
    )
    act.change(act.case.hazard, listed_by=act.unit, listed_at=now)
    act.case.hazard.save(update_fields=["listed_by", "listed_at"])
    act.detail.update(number=made.number, until=terms.until_date.isoformat())
    return loop.finish(act, due_dates={LISTED: terms.until_date, **_next(made, today)})


@transaction.atomic
def unlist(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """End a listing that was a mistake, by another officer of its level."""
    act = loop.begin(case=case, move=Move.UNLIST, actor=actor, now=now, note=note, version=version)
    end(act)
    act.change(act.case.hazard, listed_by=None, listed_at=None)
    act.case.hazard.save(update_fields=["listed_by", "listed_at"])
    return loop.finish(act)


@transaction.atomic
def answer(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Answer the level that listed it; the next answer is owed at the rhythm of the notice."""
    act = loop.begin(
        case=case, move=Move.ANSWER_LISTING, actor=actor, now=now, note=note, version=version
    )
    found = _in_force(act)
    act.change(found, answered_at=now)
    found.save(update_fields=["answered_at"])
    act.named.append(found.unit)
    return loop.finish(act, stops=(), due_dates=_answered(act, found))


def _answered(act: loop.OfficeAct, found: Listing) -> Mapping[str, date]:
    """Stop the clock of this answer as kept or missed, and return the day of the next one."""
    for clock in running.of_subject(act.case.subject):
        if clock.rule_id == ANSWER:
            running.stop(clock, act.now)
    return _next(found, running.local_date(act.now))


@transaction.atomic
def ask_more_time(
    *,
    case: Case,
    actor: User,
    now: datetime,
    until_date: date,
    note: str,
    version: int | None = None,
) -> Case:
    """Ask the level that listed it for a later deadline."""
    act = loop.begin(
        case=case, move=Move.ASK_MORE_TIME, actor=actor, now=now, note=note, version=version
    )
    found = _in_force(act)
    if until_date <= max(found.until_date, running.local_date(now)):
        raise NotLater
    limits.require(until_date, found.listed_at)
    act.change(found, asked_date=until_date, asked_by=actor)
    found.save(update_fields=["asked_date", "asked_by"])
    act.detail["until"] = until_date.isoformat()
    return loop.finish(act, jurisdiction=limits.pack().place)


@transaction.atomic
def decide_more_time(
    *,
    case: Case,
    actor: User,
    now: datetime,
    granted: bool,
    note: str,
    version: int | None = None,
) -> Case:
    """Grant or refuse a later deadline of the listing, with the reason."""
    act = loop.begin(
        case=case, move=Move.DECIDE_MORE_TIME, actor=actor, now=now, note=note, version=version
    )
    found = _in_force(act)
    asked = found.asked_date
    act.change(found, asked_date=None, asked_by=None)
    act.detail["granted"] = granted
    if not granted or asked is None:
        found.save(update_fields=["asked_date", "asked_by"])
        return loop.finish(act)
    act.change(found, until_date=asked)
    found.save(update_fields=["asked_date", "asked_by", "until_date"])
    act.detail["until"] = asked.isoformat()
    return loop.finish(act, starts=(LISTED,), due_dates={LISTED: asked})


@transaction.atomic
def ask_removal(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Apply to be taken off the list, once a team accepted the fix."""
    act = loop.begin(
        case=case, move=Move.ASK_REMOVAL, actor=actor, now=now, note=note, version=version
    )
    found = _in_force(act)
    act.change(found, removal_at=now, removal_by=actor)
    found.save(update_fields=["removal_at", "removal_by"])
    act.named.append(found.unit)
    return loop.finish(act)


@transaction.atomic
def review_site(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Review the site for the level that listed it: the conditions of the notice are met."""
    act = loop.begin(
        case=case, move=Move.REVIEW_SITE, actor=actor, now=now, note=note, version=version
    )
    found = _in_force(act)
    act.change(found, reviewed_at=now, reviewed_by=actor, site_findings=act.note)
    found.save(update_fields=["reviewed_at", "reviewed_by", "site_findings"])
    return loop.finish(act)


# --------------------------------------------------------------- within other acts
def end(act: loop.MoveContext) -> None:
    """End the listing at the closure of the hazard."""
    found = of(act.case)
    if found is not None:
        act.change(found, ended_at=act.now)
        found.save(update_fields=["ended_at"])


def go_on(act: loop.MoveContext) -> Mapping[str, date]:
    """Continue the listing of a hazard that recurred; return the day of the next answer."""
    if act.case.hazard.listed_by_id is None:
        return {}
    found = Listing.objects.filter(case=act.case).order_by("pk").last()
    if found is None:
        return {}
    act.change(found, ended_at=None)
    found.save(update_fields=["ended_at"])
    start_again(act, found)
    return _next(found, running.local_date(act.now))


def start_again(act: loop.MoveContext, found: Listing | None) -> None:
    """Withdraw application and review: the fix is done again."""
    if found is None:
        return
    empty = {"removal_at": None, "removal_by": None, "reviewed_at": None, "reviewed_by": None}
    act.change(found, **empty, site_findings="")
    found.save(update_fields=[*empty, "site_findings"])


def of(case: Case) -> Listing | None:
    """Return the listing in force."""
    return Listing.objects.filter(case=case, ended_at=None).first()


def _in_force(act: loop.OfficeAct) -> Listing:
    """Return the listing; a case that was listed by an earlier version has none."""
    found = of(act.case)
    if found is None:
        raise FactMissing(HazardFact.LISTED)
    return found


def _next(found: Listing, today: date) -> Mapping[str, date]:
    return {ANSWER: today + timedelta(days=found.every_days)}
