"""Draft a transfer letter, issue it as a second officer, record receipt and answer, withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.cases import queries as cases
from bihuan.cases.models import Case, Evidence, Numbering
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.journal.actions import record, reserve_numbers
from bihuan.notices.actions import tell
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import answering, holders
from bihuan.transfers import acts, hooks, queries
from bihuan.transfers.acts import ANSWER_RULE, Act, Stage
from bihuan.transfers.models import Enclosure, Letter
from bihuan.transfers.refusals import (
    BeforeIssue,
    NotOfThisCase,
    NotTransferable,
    NotYet,
    OneAddressee,
    OwnUnit,
)

SERIES = "YSH"
WORDS = ("title", "place", "found", "basis")


@dataclass(frozen=True)
class Content:
    """What a letter says, to which body, with which photos; texts name no person."""

    to_unit: Unit | None
    to_name: str
    title: str
    place: str
    found: str
    basis: str
    papers: str = ""
    photos: Sequence[Evidence] = ()

    def texts(self) -> dict[str, str]:
        """Return the columns with its words, masked; refuse if one is missing."""
        missing = [name for name in WORDS if not legible.has_words(getattr(self, name))]
        if missing:
            raise Missing(*missing)
        return {name: _said(getattr(self, name)) for name in (*WORDS, "papers")}


def _said(text: str) -> str:
    return masked(legible.clean(text)).text


@transaction.atomic
def draft(
    *, case: Case, content: Content, actor: User, now: datetime, form_key: UUID | None = None
) -> Letter:
    """Write a letter about what was found at the place of a case, for another officer to issue."""
    if form_key and (made := Letter.objects.filter(form_key=form_key).first()):
        return made
    access.require(actor, queries.DRAFTER, unit=case.owner, now=now)
    if not cases.may_see(actor, case, now):
        raise NotAllowed
    if not hooks.may_begin(case):
        raise NotTransferable
    to_name = _addressee(content, case.owner)
    _require_may_receive(case, content.to_unit, now)
    letter = Letter.objects.create(
        case_number=case.number,
        unit=case.owner,
        to_unit=content.to_unit,
        to_name=to_name,
        drafted_by=actor,
        drafted_at=now,
        form_key=form_key,
        **content.texts(),
    )
    _enclose(letter, case, content.photos)
    record(letter.subject, Act.DRAFT, by=actor, at=now, detail={"case": case.number})
    return letter


@transaction.atomic
def change(*, letter: Letter, case: Case, content: Content, actor: User, now: datetime) -> Letter:
    """Change a draft; from now on the officer who changed it counts as its author."""
    here = _begun(letter, Act.CHANGE, actor, now)
    here.to_name = _addressee(content, here.unit)
    here.to_unit = content.to_unit
    _require_may_receive(case, content.to_unit, now)
    for name, text in content.texts().items():
        setattr(here, name, text)
    here.drafted_by, here.drafted_at = actor, now
    here.save()
    here.enclosures.all().delete()
    _enclose(here, case, content.photos)
    record(here.subject, Act.CHANGE, by=actor, at=now)
    return here


@transaction.atomic
def issue(*, letter: Letter, actor: User, now: datetime) -> Letter:
    """Issue a letter that another officer wrote; its number is given and the answer is owed."""
    here = _begun(letter, Act.ISSUE, actor, now)
    if here.drafted_by_id == actor.pk:
        raise SamePerson
    case = Case.objects.filter(number=here.case_number).first()
    if case is not None:
        _require_may_receive(case, here.to_unit, now)
    name = f"{SERIES}-{running.local_date(now).year}"
    here.number = f"{name}-{reserve_numbers(Numbering, name, 1):04d}"
    here.stage, here.issued_by, here.issued_at = Stage.ISSUED, actor, now
    here.save(update_fields=["number", "stage", "issued_by", "issued_at"])
    running.start(here.subject, here.answering, ANSWER_RULE, now)
    record(here.subject, Act.ISSUE, by=actor, at=now, detail={"number": here.number})
    _tell_receiver(here, Act.ISSUE, now)
    return here


@transaction.atomic
def receive(
    *, letter: Letter, received_date: date, receipt: str, actor: User, now: datetime
) -> Letter:
    """Record the receipt: by the receiving unit itself, or by the sender for a body outside."""
    here = _begun(letter, Act.RECEIVE, actor, now)
    assert here.issued_at is not None
    _require_day(received_date, running.local_date(here.issued_at), now)
    here.stage, here.received_at = Stage.RECEIVED, now
    here.received_date, here.receipt = received_date, legible.clean(receipt)
    here.save(update_fields=["stage", "received_at", "received_date", "receipt"])
    detail = {"day": received_date.isoformat(), "receipt": here.receipt}
    record(here.subject, Act.RECEIVE, by=actor, at=now, detail=detail)
    _tell_sender(here, Act.RECEIVE, now)
    return here


@transaction.atomic
def answer(
    *, letter: Letter, answer: str, text: str, answer_date: date, actor: User, now: datetime
) -> Letter:
    """Record the answer of the competent body; the clock ends."""
    here = _begun(letter, Act.ANSWER, actor, now)
    assert here.received_date is not None
    _require_day(answer_date, here.received_date, now)
    if answer not in Letter.Answer.values or not legible.has_words(text):
        raise Missing("answer", "text")
    here.stage, here.answered_at = Stage.ANSWERED, now
    here.answer, here.answer_text, here.answer_date = answer, _said(text), answer_date
    here.save(update_fields=["stage", "answered_at", "answer", "answer_text", "answer_date"])
    for clock in running.of_subject(here.subject):
        running.stop(clock, now)
    detail = {"answer": answer, "day": answer_date.isoformat()}
    record(here.subject, Act.ANSWER, by=actor, at=now, detail=detail)
    _tell_sender(here, Act.ANSWER, now)
    return here


@transaction.atomic
def withdraw(*, letter: Letter, act: Act, reason: str, actor: User, now: datetime) -> Letter:
    """Discard a draft, or withdraw a letter that was issued, with the reason."""
    here = _begun(letter, act, actor, now)
    if not legible.has_words(reason):
        raise Missing("reason")
    here.stage, here.withdrawn_at, here.reason = Stage.WITHDRAWN, now, _said(reason)
    here.save(update_fields=["stage", "withdrawn_at", "reason"])
    for clock in running.of_subject(here.subject):
        running.give_way(clock, now)
    record(here.subject, act, by=actor, at=now, note=here.reason)
    if act is Act.WITHDRAW:
        _tell_receiver(here, act, now)
    return here


# ---------------------------------------------------------------------------- rules
def _begun(letter: Letter, act: Act, actor: User, now: datetime) -> Letter:
    """Return the letter, locked, if the officer may do this with it now."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("unit", "to_unit")
    here = rows.get(pk=letter.pk)
    if not queries.may_see(actor, str(here.pk), now) or not queries.may(actor, here, act, now):
        raise NotAllowed
    acts.after(Stage(here.stage), act)
    return here


def _addressee(content: Content, sender: Unit) -> str:
    """Return the name of a body outside; refuse two addressees, none, or the sender itself."""
    name = legible.clean(content.to_name)
    if (content.to_unit is None) is not legible.has_words(name):
        raise OneAddressee
    if content.to_unit is not None and content.to_unit.pk == sender.pk:
        raise OwnUnit
    return name if content.to_unit is None else ""


def _require_may_receive(case: Case, unit: Unit | None, now: datetime) -> None:
    """Refuse a unit that was closed, or that the case is closed to (PET-20)."""
    if unit is not None:
        cases.require_may_hold(case, now, unit)


def _require_day(day: date, earliest: date, now: datetime) -> None:
    if day > running.local_date(now):
        raise NotYet
    if day < earliest:
        raise BeforeIssue


def _enclose(letter: Letter, case: Case, photos: Sequence[Evidence]) -> None:
    """Enclose photos that officers took for the case, as they are turned now."""
    known = {row.pk: row for row in queries.photos_of(case)} if photos else {}
    if any(photo.pk not in known for photo in photos):
        raise NotOfThisCase
    chosen = {known[photo.pk].file_id: known[photo.pk] for photo in photos}
    try:
        Enclosure.objects.bulk_create(
            Enclosure(letter=letter, rank=rank, file=row.file, caption=row.caption, turns=row.turns)
            for rank, row in enumerate(chosen.values(), start=1)
        )
    except IntegrityError as clash:
        raise NotOfThisCase from clash


# -------------------------------------------------------------------------- notices
def _tell_receiver(letter: Letter, what: str, now: datetime) -> None:
    """Notify the coordinators who answer for the receiving unit, if it is in the system."""
    if letter.to_unit is None or letter.answering.pk != letter.to_unit_id:
        return
    found = answering(letter.to_unit, running.local_date(now))
    _tell(letter, [tenure.member for tenure in found], what, now)


def _tell_sender(letter: Letter, what: str, now: datetime) -> None:
    """Notify the coordinators and leaders of the sender."""
    found = holders([letter.unit.path], [queries.DRAFTER, queries.ISSUER], now)
    _tell(letter, found, what, now)


def _tell(letter: Letter, members: Sequence[User], what: str, now: datetime) -> None:
    allowed = [each for each in members if queries.may_see(each, str(letter.pk), now)]
    tell(
        allowed,
        subject=letter.subject,
        what=what,
        cause=f"{letter.subject}/{what}",
        now=now,
        detail={"title": letter.title, "number": letter.number},
    )
