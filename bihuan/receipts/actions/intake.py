"""Receive a report from the public, through any channel: completely, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.timezone import localdate

from bihuan.cases import kinds, queries
from bihuan.cases.actions import clocks, evidence, loop, words
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.actions.loop import NewCase
from bihuan.cases.actions.recipients import (
    Shut,
    all_are_shut,
    confidants,
    takers,
    told_first,
)
from bihuan.cases.actions.telling import first_notices
from bihuan.cases.models import REPORTER, Case, Evidence, Exclusion
from bihuan.cases.standing import of_rows
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import legible, lifecycle, routing
from bihuan.core.lifecycle import Transition
from bihuan.core.refusal import Missing
from bihuan.core.resent import mark_of
from bihuan.files import actions as files
from bihuan.files.actions import Checked
from bihuan.journal.actions import insert_first
from bihuan.notices.actions import unsaved
from bihuan.notices.models import Notice
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.receipts import codes, slips
from bihuan.receipts.accounts import Account, Intake, IntakeResult
from bihuan.receipts.actions import room
from bihuan.receipts.actions.receipt_keys import note_key
from bihuan.receipts.actions.seals import keys, sealed
from bihuan.receipts.models import TrackingCode
from bihuan.receipts.queries.promises import first_promise

# Each takes about forty milliseconds, and other jobs of the worker wait for it.
AT_ONCE = 100


def take_in(
    kind: str,
    intake: Intake,
    *,
    make: Callable[[Case], Sequence[Model]],
    starts: tuple[str, ...] | None = None,
    jurisdiction: str = running.HOME,
) -> IntakeResult:
    """Create the case and return its receipt; the same form sent twice returns the same one.

    `make` returns the kind's own unsaved records; `starts` replaces the clocks of the table's birth
    row.
    """
    account, actor, now = intake.account, intake.actor, intake.now
    holder = None
    if actor is not None:
        table = kinds.by_name(kind).lifecycle
        seat = lifecycle.require_birth(table, account.unit.path, queries.person(actor, now))
        holder = access.stood_in_for(actor, seat.stands_in_for, localdate(now))
    if intake.subject is not None and not account.category:
        account = replace(account, category=intake.subject.name)
    new_intake = replace(intake, account=account.without_people())
    arrival = _Arrival(kind, new_intake, make, _birth(kind, starts), jurisdiction, holder)
    # Taken before the transaction, so that no other intake waits for the whole of it.
    number = loop.next_number(kind, now, is_shut=account.is_shut_to_somebody)
    try:
        return _take_in(arrival, number)
    except IntegrityError:
        made = _made_before(intake.form_key, actor)
        if made is None:
            # The unit was closed between the check and the insert, which the database refused.
            require_open(Unit.objects.get(pk=account.unit.pk))
            raise
        return _receipt(made, intake.form_key)


@dataclass(frozen=True)
class _Arrival:
    """The submission, its kind, and the records to create."""

    kind: str
    intake: Intake
    make: Callable[[Case], Sequence[Model]]
    row: Transition
    jurisdiction: str
    # Whom the clerk represents.
    holder: User | None = None


def _birth(kind: str, starts: tuple[str, ...] | None) -> Transition:
    table = kinds.by_name(kind).lifecycle
    row = table.transition(table.birth)
    return row if starts is None else loop.with_clocks(row, starts=starts)


def taken_before(*, form_key: str) -> IntakeResult | None:
    """Return the result of an earlier submission of the form with this key; None if there is
    none.
    """
    made = _made_before(form_key, None)
    return None if made is None else _receipt(made, form_key)


def _made_before(form_key: str, actor: User | None) -> int | None:
    made = Case.objects.filter(form_key=mark_of(form_key), reported_by=actor)
    return made.values_list("pk", flat=True).first()


def _take_in(arrival: _Arrival, number: str) -> IntakeResult:
    account, now = arrival.intake.account, arrival.intake.now
    if not legible.has_words(account.title):
        raise Missing("title")
    started = clocks.first_of(arrival.row.starts, now, jurisdiction=arrival.jurisdiction)
    case = _case(arrival, number, clocks.first_due(started))
    clocks.belong(started, case)
    rows = [case, *arrival.make(case), *_around(case, account, now), *started]
    rows += _notices(arrival, case)
    note_key(now)
    if not arrival.intake.photos:
        return _given(arrival, case, started, rows)
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
        slot = "" if arrival.intake.actor else REPORTER
        photos = [_named(photo, arrival.intake) for photo in arrival.intake.photos]
        stored = evidence.keep(
            case, photos, "before", actor=arrival.intake.actor, now=now, slot=slot
        )
        return _given(arrival, case, started, rows, stored)


def _named(upload: Upload, came: Intake) -> Checked:
    """Return a file under the name that may be kept: none with a name that is sealed.

    A clerk names a scan after the person who brought the letter.
    """
    checked = upload if isinstance(upload, Checked) else files.check(upload)
    if came.actor:
        return checked.nameless
    return room.named(checked, (came.account.identity, came.other_party))


def _given(
    arrival: _Arrival,
    case: Case,
    started: list[Clock],
    rows: list[Model],
    stored: Sequence[Evidence] = (),
) -> IntakeResult:
    """Insert these rows, including photos, code and journal, all or none; return the receipt."""
    files = evidence.digests(stored)
    account, actor = arrival.intake.account, arrival.intake.actor
    digest = slips.content_digest(account.said(), files)
    code = codes.code_for(arrival.intake.form_key, REPORTER)
    given = _kept(case, code, digest, arrival.intake.now, REPORTER)
    given.is_from_desk = actor is not None
    insert_first(
        case.subject,
        arrival.row.move,
        [given] if stored else [*rows, given],
        inserted=rows if stored else (),
        by=actor,
        at=arrival.intake.now,
        after={"title": case.title, "place": case.place, "owner": case.owner_id},
        detail={
            "to": case.stage,
            "files": files,
            "content": digest,
            **({"unit": account.unit.name} if actor else {"by_reporter": True}),
            **loop.said_for(arrival.holder),
        },
        stands=of_rows([*rows, *stored]),
    )
    return _proved(case, code, digest, started)


def _notices(arrival: _Arrival, case: Case) -> list[Notice]:
    """Return the notices to those who take the next step, except the officer who entered it."""
    actor, now = arrival.intake.actor, arrival.intake.now
    powers = kinds.of(case).lifecycle.powers_of(arrival.row.then)
    told = told_first(case, powers, _shut(arrival.intake.account, now), now)
    members = [member for member in told if member != actor]
    return unsaved(first_notices(case, arrival.row, members), now=now)


def _around(case: Case, account: Account, now: datetime) -> list[Model]:
    """Return what a case of every kind has from the start: words, exclusions, seal."""
    rows: list[Model] = [words.row_of(case), *_shut_out(case, account, now)]
    if account.is_confidential:
        rows += confidants(case, case.owner, _shut(account, now), now)
    sealed_rows = sealed(case=case, identity=account.identity, now=now)
    return rows if sealed_rows is None else [*rows, sealed_rows]


def _case(arrival: _Arrival, number: str, due: clocks.CaseDue) -> Case:
    account, now = arrival.intake.account, arrival.intake.now
    owner = route(account, now)
    require_open(owner)
    case = loop.unsaved_case(
        NewCase(
            number=number,
            kind=arrival.kind,
            stage=arrival.row.target or "",
            title=legible.clean(account.title)[:200],
            description=legible.clean(account.description),
            category=account.category,
            place=legible.clean(account.place),
            point=account.point,
            owner=owner,
            # A unit that is complained of must not even be the origin.
            origin=owner if account.about_units or account.about_officers else account.unit,
            reported_by=arrival.intake.actor,
            channel=account.channel,
            reported_at=now,
        )
    )
    case.due_at, case.is_due_provisional = due
    case.form_key = mark_of(arrival.intake.form_key)
    case.is_confidential, case.is_urgent = account.is_confidential, account.is_urgent
    return case


# --------------------------------------------------------------------- routing
def route(account: Account, now: datetime) -> Unit:
    """Return the unit that takes it up; raise `NoUnitAbove` if only a level outside this system
    could.
    """
    about = [unit.path for unit in account.about_units]
    if account.about_officers:
        held = Tenure.objects.in_force(localdate(now)).filter(member__in=account.about_officers)
        about += held.values_list("post__unit__path", flat=True)
    if not about:
        return account.unit
    shut = _shut(account, now)
    path = routing.owner(
        account.unit.path,
        about,
        can_take=lambda path: bool(takers(path, shut, now)),
        all_are_shut=lambda path: all_are_shut(path, shut, now),
    )
    return Unit.objects.get(path=path)


def _shut(account: Account, now: datetime) -> Shut:
    """Return the officers complained of, and those with a post in such a unit since `since_at`."""
    since_at = account.since_at or now
    return Shut(
        frozenset(officer.pk for officer in account.about_officers),
        tuple((unit.path, since_at) for unit in account.about_units),
    )


def _shut_out(case: Case, account: Account, now: datetime) -> list[Exclusion]:
    units, officers = dict.fromkeys(account.about_units), dict.fromkeys(account.about_officers)
    about = Exclusion.Cause.COMPLAINED_OF
    return [
        *(
            Exclusion(case=case, unit=unit, cause=account.cause, since_at=now, added_at=now)
            for unit in units
        ),
        *(Exclusion(case=case, member=officer, cause=about, added_at=now) for officer in officers),
    ]


# --------------------------------------------------------------------- receipt
def give_code(
    *, case: Case, form_key: str, digest: str, now: datetime, slot: str = REPORTER
) -> str:
    """Issue, at a desk, the code derived from the form's key; the worker hashes it slowly later."""
    code = codes.code_for(form_key, slot)
    given = _kept(case, code, digest, now, slot)
    given.is_from_desk = True
    given.save()
    return code


def _kept(case: Case, code: str, digest: str, now: datetime, slot: str) -> TrackingCode:
    row = TrackingCode(case=case, slot=slot, content_digest=digest, given_at=now)
    put(row, code)
    return row


def put(row: TrackingCode, code: str) -> None:
    """Make this code open the case, until the worker has calculated the slow hash."""
    row.code_hash, row.quick_hash, row.sealed_code = None, codes.quick(code), _sealed(code)


def harden(*, most: int = AT_ONCE) -> dict[str, int]:
    """Replace quick hashes by slow ones; return the number of codes.

    A code that no key decrypts is left as it is, and counted; it is found by its quick hash.
    """
    done = {"codes": 0, "failed": 0}
    for row in TrackingCode.objects.filter(code_hash=None).order_by("pk")[:most]:
        try:
            hashed = codes.slow(_unsealed(row.sealed_code))
        except InvalidToken:
            done["failed"] += 1
            continue
        done["codes"] += TrackingCode.objects.filter(pk=row.pk, code_hash=None).update(
            code_hash=hashed, quick_hash=None, sealed_code=""
        )
    return done


def _receipt(case: int, form_key: str) -> IntakeResult:
    """Return the receipt of the form's first submission."""
    codes_given = TrackingCode.objects.filter(case=case, slot=REPORTER)
    given = codes_given.select_related("case__owner").get()
    code = codes.code_for(form_key, REPORTER)
    return _proved(given.case, code, given.content_digest, given.case.clocks.order_by("pk"))


def _proved(case: Case, code: str, digest: str, rows: Iterable[Clock]) -> IntakeResult:
    started = list(rows)
    day, due = running.local_date(case.reported_at), first_promise(started)
    slip = slips.signed(code=code, day=day, due=due, content=digest)
    return IntakeResult(
        case, code, slip, due, tuple(row for row in started if row.stopped_at is None)
    )


def _sealed(code: str) -> str:
    return keys().encrypt(code.encode()).decode()


def _unsealed(token: str) -> str:
    return keys().decrypt(token.encode()).decode()
