"""The mediator's work: named, begun with every party's consent, meetings, draft, conclusion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from bihuan import formats
from bihuan.cases import queries as cases
from bihuan.cases.actions import clocks
from bihuan.cases.actions.interest import begin_declaration
from bihuan.cases.actions.loop import MoveContext, OfficeAct, begin, finish
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core import mediation as rules
from bihuan.core.masking import masked
from bihuan.core.mediation import Move
from bihuan.core.refusal import Missing, Refusal
from bihuan.mediations import queries
from bihuan.mediations.actions.letters import tell_parties
from bihuan.mediations.models import Agreement, Mediation, Party, Performance, Session
from bihuan.orgs.models import Post, User
from bihuan.receipts.models import Message


class MeetingPast(Refusal):
    """A meeting must be announced before it takes place."""


class MeetingKnown(Refusal):
    """A meeting is announced once for the same time and place."""


class NotYetHeld(Refusal):
    """A meeting must be recorded after it took place."""


class PromisePast(Refusal):
    """An obligation cannot fall due in the past."""


class NotEffectiveYet(Refusal):
    """An agreement is concluded on the day it takes effect, or after it."""


# -------------------------------------------------------------------- mediator
@transaction.atomic
def name_mediator(
    *,
    case: Case,
    actor: User,
    now: datetime,
    post: Post,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Name the mediator; each party accepts or refuses again (MED-2)."""
    act = begin(
        case=case, move=Move.NAME_MEDIATOR, actor=actor, now=now, note=note, version=version
    )
    act.change(act.case, post=post, owner=post.unit)
    mediator = queries.mediator_of(act.case, now)
    if mediator is None:
        raise Missing("mediator")
    cases.require_may_hold(act.case, now)
    _ask_anew(act.case)
    act.detail.update(post=post.title, owner=post.unit.name)
    named = f"{post.unit.name} {post.title} {mediator.name}"
    tell_parties(act, "mediator_named", kind=Message.Kind.NOTICE, mediator=named)
    return finish(act)


def _ask_anew(case: Case) -> None:
    Party.objects.filter(mediation=case.pk).update(accepts_mediator=None)


@transaction.atomic
def declare_interest(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Declare one's own conflict of interest, and be excluded from then on (MED-2)."""
    act = begin_declaration(case=case, actor=actor, now=now, note=note, version=version)
    if queries.mediator_of(act.case, now) == actor:
        act.change(act.case, post=None)
        _ask_anew(act.case)
        tell_parties(act, "mediator_withdrew", kind=Message.Kind.NOTICE)
    return finish(act)


# ----------------------------------------------------------------------- talks
@transaction.atomic
def begin_talks(
    *,
    case: Case,
    actor: User,
    now: datetime,
    is_open: bool = False,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Begin once every party consents: closed, or open if every party wants it."""
    act = begin(case=case, move=Move.BEGIN, actor=actor, now=now, note=note, version=version)
    if is_open:
        rules.require_open_to_all(map(queries.stance, queries.parties(act.case)))
    act.change(act.case.mediation, is_open=is_open)
    act.case.mediation.save(update_fields=["is_open"])
    done = finish(act)
    _tell_term(act)
    return done


def _tell_term(act: MoveContext) -> None:
    clock = queries.running(act.case, queries.USUAL_TIME)
    assert clock is not None, "the talks have a clock"
    until = running.last_day(clock).in_text()
    tell_parties(act, "begun", kind=Message.Kind.NOTICE, until=until)


@transaction.atomic
def meet(
    *,
    case: Case,
    actor: User,
    now: datetime,
    meets_at: datetime,
    place: str,
    version: int | None = None,
) -> Case:
    """Announce a meeting to every party."""
    act = begin(case=case, move=Move.MEET, actor=actor, now=now, version=version)
    _require_time(act)
    if not legible.has_words(place):
        raise Missing("place")
    if meets_at <= now:
        raise MeetingPast
    place = masked(legible.clean(place)).text
    if queries.sessions(act.case).filter(meets_at=meets_at, place=place).exists():
        raise MeetingKnown
    Session.objects.create(mediation_id=act.case.pk, meets_at=meets_at, place=place)
    at = formats.stamp(meets_at)
    act.detail["meeting"] = at
    what = "meeting_open" if act.case.mediation.is_open else "meeting_closed"
    tell_parties(act, what, kind=Message.Kind.NOTICE, at=at, place=place)
    return finish(act)


def _require_time(act: OfficeAct) -> None:
    clock = queries.running(act.case, queries.USUAL_TIME)
    rules.require_time(clock.due_at if clock else None, act.now)


@transaction.atomic
def hold(
    *,
    case: Case,
    actor: User,
    now: datetime,
    session: Session,
    record: str,
    version: int | None = None,
) -> Case:
    """Record a meeting; the record is visible to the mediating unit only (MED-8)."""
    act = begin(case=case, move=Move.HOLD, actor=actor, now=now, version=version)
    if not legible.has_words(record):
        raise Missing("record")
    held = queries.sessions(act.case).filter(pk=session.pk).first()
    if held is None:
        raise Missing("session")
    if held.meets_at > now:
        raise NotYetHeld
    act.change(held, record=legible.clean(record), held_at=now)
    held.save(update_fields=["record", "held_at"])
    act.detail["meeting"] = formats.stamp(held.meets_at)
    return finish(act)


# -------------------------------------------------------------------- the text
@dataclass(frozen=True)
class Promise:
    """One obligation with its day."""

    what: str
    due_date: date


def withdraw_text(case: Case, now: datetime) -> None:
    """Withdraw the draft agreement; its confirmations no longer count."""
    Agreement.objects.filter(mediation=case.pk, withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def draft(
    *,
    case: Case,
    actor: User,
    now: datetime,
    terms: str,
    promised: list[Promise],
    is_oral: bool = False,
    version: int | None = None,
) -> Case:
    """Send the exact draft to every party; an oral agreement is written down as well."""
    act = begin(case=case, move=Move.DRAFT, actor=actor, now=now, version=version)
    _require_time(act)
    items = [Promise(" ".join(item.what.split()), item.due_date) for item in promised]
    _check(terms, items, running.local_date(now))
    text = rules.text_of(terms, [(item.due_date, item.what) for item in items])
    agreement = Agreement.objects.create(
        mediation_id=act.case.pk,
        terms=rules.normalised(terms),
        digest=rules.digest(text),
        drafted_at=now,
    )
    Performance.objects.bulk_create(
        [Performance(agreement=agreement, what=i.what, due_date=i.due_date) for i in items]
    )
    _set_oral(act.case.mediation, act, is_oral)
    act.detail["digest"] = agreement.digest
    tell_parties(act, "drafted", kind=Message.Kind.NOTICE, digest=agreement.digest)
    return finish(act)


def _check(terms: str, items: list[Promise], today: date) -> None:
    if not rules.normalised(terms):
        raise Missing("terms")
    if not items or not all(item.what for item in items):
        raise Missing("performance")
    if any(item.due_date < today for item in items):
        raise PromisePast


def _set_oral(mediation: Mediation, act: MoveContext, is_oral: bool) -> None:
    act.change(mediation, is_oral=is_oral)
    mediation.save(update_fields=["is_oral"])


@transaction.atomic
def take_back(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Return from the draft to the talks; confirmations applied to that text only."""
    act = begin(case=case, move=Move.TAKE_BACK, actor=actor, now=now, note=note, version=version)
    withdraw_text(act.case, now)
    tell_parties(act, "taken_back", kind=Message.Kind.NOTICE)
    return finish(act)


@transaction.atomic
def conclude(
    *,
    case: Case,
    actor: User,
    now: datetime,
    effective_date: date,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Conclude once every party confirmed this exact text: it is in force from the day it was
    made (MED-5).
    """
    act = begin(case=case, move=Move.CONCLUDE, actor=actor, now=now, note=note, version=version)
    agreement = Agreement.objects.select_for_update().get(mediation=act.case.pk, withdrawn_at=None)
    agreement.in_force_at = _instant_on(effective_date, act)
    agreement.save(update_fields=["in_force_at"])
    court = clocks.start(act.case, queries.COURT, agreement.in_force_at)
    for item in queries.promised(agreement):
        item.clock = clocks.start(act.case, queries.FOLLOW_UP, now, due_date=item.due_date)
        item.save(update_fields=["clock"])
    until = running.last_day(court).in_text()
    act.detail.update(digest=agreement.digest, effective=effective_date.isoformat())
    tell_parties(act, "agreed", kind=Message.Kind.LETTER, until=until, digest=agreement.digest)
    return finish(act, starts=())


def _instant_on(day: date, act: MoveContext) -> datetime:
    """Return any moment of that day: terms count from the day after (CAL-2)."""
    brought, today = running.local_date(act.case.reported_at), running.local_date(act.now)
    if not brought <= day <= today:
        raise NotEffectiveYet
    return act.now if day == today else datetime.combine(day, time(12), running.zone())


# --------------------------------------------------------------------- the end
@transaction.atomic
def fail(*, case: Case, actor: User, now: datetime, note: str, version: int | None = None) -> Case:
    """End without agreement, and inform every party of the other legal routes (MED-4)."""
    act = begin(case=case, move=Move.FAIL, actor=actor, now=now, note=note, version=version)
    withdraw_text(act.case, now)
    tell_parties(act, "failed", kind=Message.Kind.LETTER)
    return finish(act)


@transaction.atomic
def alert(*, case: Case, actor: User, now: datetime, note: str, version: int | None = None) -> Case:
    """Record that the police were informed of likely violence or crime (MED-8); no party is
    notified.
    """
    act = begin(case=case, move=Move.ALERT, actor=actor, now=now, note=note, version=version)
    act.change(act.case.mediation, alerted_at=now)
    act.case.mediation.save(update_fields=["alerted_at"])
    return finish(act)
