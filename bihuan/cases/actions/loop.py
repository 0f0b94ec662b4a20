"""One move: lock the case, check the rules, change it, write the journal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.timezone import localdate

from bihuan.cases import kinds, queries
from bihuan.cases.actions import clocks, snapshots, telling
from bihuan.cases.actions.snapshots import Snapshot
from bihuan.cases.models import AccessGrant, Case, Exclusion, Numbering, Participation
from bihuan.cases.queries import as_shown, prepared
from bihuan.clocks.actions import running
from bihuan.core import legible, lifecycle, undoing
from bihuan.core.lifecycle import Fact, Side, Transition
from bihuan.core.places import Point
from bihuan.core.refusal import Missing, NotAllowed, SamePerson, Stale, WrongStage
from bihuan.journal.actions import Change, record, record_many, reserve_numbers
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs import queries as units
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.refusals import PostEnded

DRAWN_FROM = 10_000_000
STANDS_IN_FOR = "stands_in_for"


@dataclass
class MoveContext:
    """A move in progress: the locked case, the row of the table, the actor and their unit.

    Without an actor it is made by the holder of the tracking code.
    """

    case: Case
    row: Transition
    actor: User | None
    now: datetime
    unit: Unit | None
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    # The old values are kept separately from the journal, where they can be viewed and erased.
    keeps_values: bool = False
    # The absent holder of the post, if the actor is the stand-in.
    stands_in_for: User | None = None
    # Whom it concerns: who requested what it decides, and the posts and units that it names.
    asker: int | None = None
    named: list[Post | Unit] = field(default_factory=list)
    # The rows of the case before the act, if it can be undone.
    rows: Snapshot | None = None

    @property
    def until_at(self) -> datetime | None:
        """Return until when it can be undone: what it tells the public waits until then."""
        return None if self.rows is None else self.now + undoing.WITHIN

    def settle(self) -> None:
        """It changes other cases as well, so it cannot be undone."""
        self.rows = None

    def change(self, record_: Model, **values: Any) -> None:
        """Set fields of the case or of a related row, and record the old values."""
        for name, value in values.items():
            key = name if record_ is self.case else f"{record_._meta.model_name}.{name}"
            self.before.setdefault(key, _plain(getattr(record_, name)))
            setattr(record_, name, value)
            self.after[key] = _plain(value)


@dataclass
class OfficeAct(MoveContext):
    """A move made by an officer."""

    actor: User
    unit: Unit


def locked(case: Case) -> Case:
    """Return the current case with its facts, locked until the transaction ends."""
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
    (fresh,) = prepared.as_it_stands(case.pk)
    return fresh


def begin(
    *,
    case: Case,
    move: str,
    actor: User,
    now: datetime,
    note: str = "",
    version: int | None = None,
    brought: frozenset[Fact] = frozenset(),
) -> OfficeAct:
    """Lock the case and check whether this person may make this move now.

    `brought` are facts that the move itself brings about, such as evidence sent with it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a move is made inside a transaction")
    fresh = locked(case)
    if queries.is_shut_to(actor, fresh, now):
        raise NotAllowed
    if version is not None and version != fresh.version:
        raise Stale
    table = kinds.of(fresh).lifecycle
    row = table.transition(move)
    seen = queries.situation(fresh)
    seen = replace(seen, facts=seen.facts | brought)
    seat = lifecycle.require(table, move, seen, queries.person(actor, now))
    if "note" in row.requires and not legible.has_words(note):
        raise Missing("note")
    return OfficeAct(
        fresh,
        row,
        actor,
        now,
        _unit_of(fresh, seat.path),
        legible.clean(note),
        asker=seen.askers.get(move),
        stands_in_for=access.stood_in_for(actor, seat.stands_in_for, localdate(now)),
        rows=snapshots.take(fresh) if row.undoable else None,
    )


def begin_public(
    *, case: Case, move: str, now: datetime, brought: frozenset[Fact] = frozenset()
) -> MoveContext:
    """Lock the case and check whether the holder of its code may make this move now: at its stage,
    and at the stage that the public sees while acts can still be undone.

    Its journal entry contains no text, which could not be erased there (see `public.say_why`).
    """
    fresh = locked(case)
    seen = queries.situation(fresh)
    seen = replace(seen, facts=seen.facts | brought)
    row = lifecycle.require_public(kinds.of(fresh).lifecycle, move, seen)
    stage_shown = as_shown.of(fresh, now).case.stage
    if stage_shown not in row.sources:
        raise WrongStage(move, stage_shown)
    return MoveContext(fresh, row, None, now, None, "")


def _unit_of(case: Case, path: str) -> Unit:
    for unit in (case.owner, case.origin):
        if unit.path == path:
            return unit
    return Unit.objects.get(path=path)


def finish(
    act: MoveContext,
    *,
    due_dates: Mapping[str, date] | None = None,
    starts: tuple[str, ...] | None = None,
    stops: tuple[str, ...] | None = None,
    jurisdiction: str = running.HOME,
) -> Case:
    """Complete the move: side, stage, clocks, the case itself, the journal entry and the notices.

    `starts` and `stops` replace the table's clocks if the action chooses or has already applied
    them.
    """
    case, row = act.case, act.row
    if row.side and act.actor and act.unit:
        take_sides(act, act.unit, row.side)
    if row.target and row.target != case.stage:
        act.detail["from"], act.detail["to"] = case.stage, row.target
        act.change(case, stage=row.target)
    if row.returns:
        act.change(case, returned_at=act.now)
    _end_or_open(act)
    _require_holder(act)
    row = with_clocks(row, starts=starts, stops=stops)
    clocks.run(case, row, act.now, due_dates or {}, jurisdiction=jurisdiction)
    case.version += 1
    case.save()
    entry = _journal(act)
    if act.rows is not None and act.actor and entry and act.until_at:
        snapshots.keep(case, act.rows, entry, act.actor, act.until_at)
    telling.tell(act)
    return case


def _journal(act: MoveContext) -> Entry | None:
    """Return the entry, unless the old values are kept separately."""
    subject, move, detail = act.case.subject, act.row.move, {**act.detail, **_said_by(act)}
    if act.keeps_values:
        said = Change(subject, act.before, act.after, act.note, detail)
        record_many(move, [said], by=act.actor, at=act.now, keep=True)
        return None
    return record(
        subject,
        move,
        by=act.actor,
        at=act.now,
        note=act.note,
        before=act.before,
        after=act.after,
        detail=detail,
    )


def with_clocks(
    row: Transition,
    *,
    starts: tuple[str, ...] | None = None,
    stops: tuple[str, ...] | None = None,
) -> Transition:
    """Return the row of the table with other clocks, if the action chooses them."""
    return replace(
        row,
        starts=row.starts if starts is None else starts,
        stops=row.stops if stops is None else stops,
    )


def _said_by(act: MoveContext) -> dict[str, Any]:
    if act.unit is None:
        return {"by_reporter": True}
    return {"unit": act.unit.name, **said_for(act.stands_in_for)}


def said_for(holder: User | None) -> dict[str, str]:
    """Return what the journal says of an act by a stand-in."""
    return {STANDS_IN_FOR: holder.name} if holder else {}


def _end_or_open(act: MoveContext) -> None:
    ended = act.case.stage in kinds.of(act.case).lifecycle.ended
    if ended and act.case.ended_at is None:
        act.change(act.case, ended_at=act.now)
    elif not ended and act.case.ended_at is not None:
        act.change(act.case, ended_at=None)
        _to_open_units(act)


def _to_open_units(act: MoveContext) -> None:
    """Assign a reopened case to the successors of units that were closed since."""
    for name in ("owner", "origin"):
        unit: Unit = getattr(act.case, name)
        if unit.end_date is not None:
            act.change(act.case, **{name: units.going_on(unit)})
            act.detail["owner"] = act.case.owner.name


def _require_holder(act: MoveContext) -> None:
    """Require that the assigned officer is not excluded from it, and that the account is open."""
    if act.after.keys() & {"owner", "post"}:
        queries.require_may_hold(act.case, act.now)
    if "owner" in act.after:
        require_open(act.case.owner)
    if "post" in act.after and act.case.post is not None:
        require_open(act.case.post.unit)
        if act.case.post.end_date is not None:
            raise PostEnded


def take_sides(act: MoveContext, unit: Unit, side: Side) -> None:
    """Record the side of the actor, and of the holder whom the actor represents."""
    for member in filter(None, (act.actor, act.stands_in_for)):
        take_side(act.case, member, unit, side)


def take_side(case: Case, member: User, unit: Unit, side: Side) -> None:
    """Record the person's side in the case; the database refuses a second side."""
    try:
        with transaction.atomic():
            participation, _ = Participation.objects.get_or_create(
                case=case, member=member, defaults={"side": side, "unit": unit}
            )
    except IntegrityError as clash:
        raise SamePerson from clash
    if participation.side != side:
        raise SamePerson


def inherit_restrictions(child: Case, now: datetime) -> None:
    """Copy the exclusions and access grants of a case to its sub-case."""
    whole = child.parent
    if whole is None:
        return
    bars = Exclusion.objects.filter(case=whole).values_list("unit", "member", "cause", "since_at")
    Exclusion.objects.bulk_create(
        [
            Exclusion(
                case=child,
                unit_id=unit,
                member_id=member,
                cause=cause,
                since_at=since_at,
                added_at=now,
            )
            for unit, member, cause, since_at in bars
        ],
        ignore_conflicts=True,
    )
    if whole.is_confidential:
        posts = AccessGrant.objects.filter(case=whole).values_list("post", flat=True)
        AccessGrant.objects.bulk_create(
            [AccessGrant(case=child, post_id=post, added_at=now) for post in posts],
            ignore_conflicts=True,
        )
        child.is_confidential = True
        child.save(update_fields=["is_confidential"])


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case before it is stored, with texts as they are to be stored."""

    kind: str
    number: str
    stage: str
    title: str
    owner: Unit
    origin: Unit
    channel: str
    reported_at: datetime
    description: str = ""
    category: str = ""
    place: str = ""
    point: Point | None = None
    # The officer who reports it; None if the public does, or a ledger.
    reported_by: User | None = None
    # The case of which it is a part.
    parent: Case | None = None


def unsaved_case(new: NewCase) -> Case:
    """Return a new case in its first round, of any kind and from any channel.

    The caller adds what only its channel knows.
    """
    case = Case(
        kind=new.kind,
        number=new.number,
        stage=new.stage,
        title=new.title,
        description=new.description,
        category=new.category,
        place=new.place,
        owner=new.owner,
        origin=new.origin,
        channel=new.channel,
        reported_at=new.reported_at,
        round_at=new.reported_at,
        reported_by=new.reported_by,
        parent=new.parent,
    )
    case.point = new.point
    return case


def next_number(kind: str, now: datetime, *, is_shut: bool = False) -> str:
    """Return the next number of this year's series, or a random one for a restricted case: a gap in
    the series would reveal that it exists.

    The series stays locked until the transaction ends, so callers that need not be sequential take
    the number before their own transaction.
    """
    year = running.local_date(now).year
    return _drawn(kind, year) if is_shut else next_numbers(kind, {year: 1})[year][0]


def _drawn(kind: str, year: int) -> str:
    """Longer than any number of the series, so that the two never collide."""
    while True:
        drawn = DRAWN_FROM + secrets.randbelow(9 * DRAWN_FROM)
        number = f"{kinds.by_name(kind).series}-{year}-{drawn}"
        if not Case.objects.filter(number=number).exists():
            return number


def next_numbers(kind: str, counts: Mapping[int, int]) -> dict[int, list[str]]:
    """Return this many consecutive numbers of each year's series, reserved for the caller."""
    given = {}
    for year in sorted(counts):
        series = f"{kinds.by_name(kind).series}-{year}"
        last = reserve_numbers(Numbering, series, counts[year])
        given[year] = [f"{series}-{n:06d}" for n in range(last - counts[year] + 1, last + 1)]
    return given


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int | str) else str(value)
