"""Queries for cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db.models import Q, QuerySet, Value
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases import kinds, stands
from bihuan.cases.models import (
    AccessGrant,
    Assist,
    Case,
    CaseQuerySet,
    Disposed,
    Exclusion,
    Visibility,
)
from bihuan.cases.models.facts import surroundings
from bihuan.cases.models.sight import Before, barring
from bihuan.cases.queries import prepared
from bihuan.core import lifecycle, seals
from bihuan.core.acting import ActingPost, Person
from bihuan.core.eyes import Span
from bihuan.core.lifecycle import Fact, SharedFact, Situation
from bihuan.core.once import PerObject
from bihuan.core.routing import ShutOut
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.orgs.refusals import UnitClosed

FROM_PUBLIC = frozenset(
    {
        Case.Channel.PORTAL,
        Case.Channel.OPEN311,
        Case.Channel.PHONE,
        Case.Channel.LETTER,
        Case.Channel.VISIT,
    }
)


def visible_to(user: User, now: datetime) -> CaseQuerySet:
    """Return every case that the officer's posts reach; none for others."""
    return Case.objects.in_sight(sight(user, now))


def sight(user: User, now: datetime) -> Visibility:
    """Return which cases the officer's posts reach today."""
    units = access.scope(user, localdate(now))
    found: dict[str, set[int]] = {"assisted": set()}
    for case, how in _beside(user, units, now):
        found.setdefault(how, set()).add(case)
    return Visibility(
        persons(user, now),
        units,
        frozenset(found["assisted"]),
        over=_over(user, now) if "barred" in found else None,
        posts=_posts(user, now) if "confided" in found else None,
        before=before(user, now),
        works=_works(user, now),
        working=_working(user, now),
    )


def persons(user: User, now: datetime) -> tuple[int, ...]:
    """Return the officer and those whom the officer represents: a bar on one of them is a bar
    on the officer.
    """
    return (user.pk, *(each.pk for each in access.represented(user, localdate(now))))


def _works(user: User, now: datetime) -> bool:
    return any(seat.works for seat in access.seats(user, localdate(now)))


def _working(user: User, now: datetime) -> frozenset[int] | None:
    """Return the units of which the officer sees more than everyone does, if there are others."""
    seats = access.seats(user, localdate(now))
    if all(seat.works for seat in seats) or not _works(user, now):
        return None
    return access.working_scope(user, localdate(now))


def _beside(user: User, units: frozenset[int] | None, now: datetime) -> list[tuple[int, str]]:
    """Return in one query which cases the officer's units assist, and whether the officer has
    any exclusion or access grant. It depends on the officer's posts alone, so it is cached by
    them.
    """
    over, posts, left = _over(user, now), _posts(user, now), before(user, now)
    who = persons(user, now)

    def union() -> QuerySet[Exclusion, tuple[int, str]]:
        bars = Exclusion.objects.filter(barring(who, over, left))
        confided = AccessGrant.objects.filter(post__in=posts)
        assists = Assist.objects.filter(unit__in=units or (), ended_at=None)
        # For the last two one row is enough, however many there are: a union removes duplicates.
        return bars.values_list(Value(0), Value("barred")).union(
            confided.values_list(Value(0), Value("confided")),
            assists.values_list("case_id", Value("assisted")),
        )

    return prepared.BESIDE.rows((who, over, posts, units, left), union)


def open_to(user: User, now: datetime, case: str = "") -> Q:
    """Condition for cases that the officer may know of, whatever else the query requests."""
    sight = Visibility(
        persons(user, now),
        None,
        over=_over(user, now),
        posts=_posts(user, now),
        before=before(user, now),
        works=_works(user, now),
    )
    return sight.not_shut(case)


def known_beside(user: User, now: datetime) -> CaseQuerySet:
    """Return open public reports in the units above the officer's posts that the officer may know
    of, but does not see: none that is confidential, has any exclusion, or belongs to a kind whose
    cases are only for those who work on them.
    """
    over = sorted(_over(user, now))
    here = Case.objects.filter(
        Q(origin__in=over) | Q(owner__in=over),
        kind__in=kinds.seen_in_reach(),
        channel__in=FROM_PUBLIC,
        is_confidential=False,
        exclusions=None,
        ended_at=None,
    )
    return here.exclude(pk__in=visible_to(user, now).values("pk"))


def shut_among(user: User, numbers: Iterable[str], now: datetime) -> frozenset[str]:
    """Return which of these cases the officer must not know of."""
    asked = sorted(set(numbers))
    if not asked:
        return frozenset()
    shut = Case.objects.filter(~open_to(user, now), number__in=asked).values_list("number")
    # A restricted case stays hidden from everyone after it was disposed of.
    gone = Disposed.objects.filter(is_restricted=True, number__in=asked).values_list("number")
    return frozenset(number for (number,) in shut.union(gone))


def seen_among(
    user: User, numbers: Collection[str], now: datetime, *, confidential: bool = True
) -> frozenset[str]:
    """Return which of these cases the officer may see; for a workbook, without confidential
    ones.
    """
    if not numbers:
        return frozenset()
    seen = visible_to(user, now).filter(number__in=sorted(numbers))
    if not confidential:
        seen = seen.filter(is_confidential=False)
    return frozenset(seen.values_list("number", flat=True))


def _posts(user: User, now: datetime) -> frozenset[int]:
    """Return the posts that give access to confidential cases, without those that are too new."""
    return frozenset(seat.post.pk for seat in access.settled_seats(user, now))


def _over(user: User, now: datetime) -> frozenset[int]:
    """Return the units of the officer's posts and every unit above them, from their paths."""
    return _steps(seat.unit for seat in access.seats(user, localdate(now)))


def before(user: User, now: datetime) -> Before:
    """Return the units of the officer's former posts, with every unit above them, and until
    when.
    """
    return tuple(
        (_steps([held.unit]), day_after(held.until_date))
        for held in access.held(user, localdate(now))
        if held.until_date is not None
    )


def day_after(day: date) -> datetime:
    """Return when that day ends locally."""
    return datetime.combine(day + timedelta(days=1), time(), get_default_timezone())


def _steps(units: Iterable[Unit]) -> frozenset[int]:
    return frozenset(step for unit in units for step in unit.steps)


def case_for(user: User, number: str, now: datetime) -> Case:
    """Return one case with its units and facts; raise `Case.DoesNotExist` if the officer may
    not see it.
    """
    return seen_by(user, prepared.case_numbered.one(number), now)


def seen_by(user: User, case: Case | None, now: datetime) -> Case:
    """Return the case; raise `Case.DoesNotExist` if there is none that the officer may see."""
    if case is None or not may_see(user, case, now):
        raise Case.DoesNotExist
    return case


def may_see(user: User, case: Case, now: datetime) -> bool:
    """Whether the officer's posts reach the case, and it is not shut to the officer."""
    seats = access.seats(user, localdate(now))
    if is_shut_to(user, case, now):
        return False
    if case.is_confidential:
        return True
    if case.reported_by_id == user.pk and user.pk is not None:
        return True
    if not kinds.of(case).is_seen_in_reach:
        seats = tuple(seat for seat in seats if seat.works)
    units = (case.owner, case.origin)
    if any(seat.reaches(unit) for seat in seats for unit in units):
        return True
    return any(path.startswith(seat.unit.path) for path in assisting_paths(case) for seat in seats)


def is_shut_to(user: User, case: Case, now: datetime) -> bool:
    """Whether the officer must not know of the case, whatever the officer's posts reach."""
    if shuts_out(case, user, now):
        return True
    if not kinds.of(case).is_seen_in_reach and not _works(user, now):
        return True
    if not case.is_confidential:
        return False
    return not AccessGrant.objects.filter(case=case, post__in=_posts(user, now)).exists()


def has(case: Case, what: str) -> bool:
    """Whether the case may have such related rows; True if they were not loaded."""
    return getattr(case, f"has_{what}", None) is not False


def assists(case: Case) -> list[Assist]:
    """Return the currently assisting units, loaded once per case."""
    return _assists_of(case)


_assists_of: PerObject[Case, list[Assist]] = PerObject(
    "assists", lambda case: prepared.assists(case.pk) if has(case, "assists") else []
)


def assisting_paths(case: Case) -> tuple[str, ...]:
    return tuple(assist.unit.path for assist in assists(case))


def person(user: User, now: datetime) -> Person:
    """Return the officer as input for the rules."""
    on = localdate(now)
    seats = tuple(
        ActingPost(
            seat.unit.path,
            seat.powers,
            seat.settles_at,
            seat.post.pk,
            seat.stands_in_for.pk if seat.stands_in_for else 0,
        )
        for seat in access.seats(user, on)
    )
    return Person(user.pk, seats, user.name, stands.held(user, on), stands.represents(user, on))


def situation(case: Case) -> Situation:
    """Return the case as input for the rules; it must be loaded `with_facts()`."""
    look = kinds.of(case).look(case)
    hands = stands.of(case, look.checked_date)
    since_date = localdate(case.assigned_at or case.round_at)
    askers = {**_askers(case), **look.askers}
    return Situation(
        stage=case.stage,
        owner=case.owner.path,
        origin=case.origin.path,
        assisting=assisting_paths(case),
        stands=hands.each,
        beside=hands.beside,
        offices=hands.offices,
        span=Span(since_date, look.checked_date),
        places=look.places,
        post=case.post_id,
        bound=case.bound.path if case.bound else "",
        contested=tuple(filter(None, (case.contest_from, case.contest_to))),
        facts=frozenset(_facts(case)) | look.facts,
        author=case.reported_by_id,
        askers=askers,
        asked_for=stands.asked_for(askers.values(), since_date),
        named=stands.named_in_ledger(case),
    )


def open_to_holder(case: Case) -> frozenset[str]:
    """Return the moves that the holder of the tracking code may make now, whatever side others
    took.
    """
    facts = frozenset(_facts(case)) | kinds.of(case).look(case).facts
    seen = Situation(case.stage, case.owner.path, case.origin.path, facts=facts)
    return lifecycle.open_to_public(kinds.of(case).lifecycle, seen)


def round_of(case: Case) -> int:
    """Return the round of the case, if its kind has several."""
    return kinds.of(case).look(case).round


def _askers(case: Case) -> dict[str, int]:
    asked = {
        "decide_contest": case.contested_by,
        "decide_extension": case.extension_asked_by,
        "confirm_closure": case.import_by_id,
    }
    known = {move: asker for move, asker in asked.items() if asker is not None}
    return known | {move: by for each in surroundings() for move, by in each.askers(case).items()}


def _facts(case: Case) -> Iterable[Fact]:
    said = {
        SharedFact.OPEN_CHILDREN: case.has_open_children,
        SharedFact.ASSISTED: has(case, "assists"),
        SharedFact.CONTESTED: case.contested_by is not None,
        SharedFact.EXTENSION_ASKED: case.extension_asked_by is not None,
        SharedFact.FIX_EXTENSION_ASKED: case.extension_rule == "",
        SharedFact.AFTER_EVIDENCE: case.has_after_evidence,
        SharedFact.UNVERIFIED: case.import_check == Case.ImportCheck.WAITING,
        SharedFact.FROM_PUBLIC: case.channel in FROM_PUBLIC,
    }
    around = (fact for each in surroundings() for fact in each.holds(case))
    return chain((fact for fact, so in said.items() if so), around)


def works_on(user: User, case: Case, now: datetime) -> bool:
    """Whether some post of the officer works on the case, and the officer is not excluded."""
    seats = access.seats(user, localdate(now))
    near = any(seat.powers & seals.OPENERS and seat.reaches(case.owner) for seat in seats)
    return near and not is_shut_to(user, case, now)


def shuts_out(case: Case, member: User, now: datetime) -> bool:
    """Whether the officer is excluded from the case."""
    bars = prepared.exclusions(case.pk) if has(case, "bars") else []
    return bool(bars) and is_barred(bars, member, now)


# The unit, the officer, and since when the unit is excluded.
Barred = tuple[int | None, int | None, datetime | None]


def is_barred(bars: Iterable[Barred], member: User, now: datetime) -> bool:
    """Whether one of these exclusions applies to this officer."""
    over, left, who = _over(member, now), before(member, now), persons(member, now)
    return any(
        unit in over
        or named in who
        or any(unit in units and since_at and since_at < until_at for units, until_at in left)
        for unit, named, since_at in bars
    )


def require_may_hold(case: Case, now: datetime, *units: Unit) -> None:
    """Refuse to assign a case to an excluded unit or post holder.

    `units` are further ones that will see it, and must be open.
    """
    for unit in units:
        if unit.end_date is not None:
            raise UnitClosed(unit.name, unit.successor.name if unit.successor else "")
    bars = prepared.exclusions(case.pk)
    given = _steps([case.owner, *units, *([case.post.unit] if case.post else [])])
    if any(unit in given for unit, *_ in bars):
        raise ShutOut
    held = Tenure.objects.in_force(localdate(now)).filter(post=case.post_id)
    holders = held.select_related("member") if bars and case.post_id else ()
    if any(shuts_out(case, tenure.member, now) for tenure in holders):
        raise ShutOut
