"""Questions about cases; each says in its name what it costs little to know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from bihuan.cases.models import Assist, Case, CaseQuerySet, Hand
from bihuan.core import lifecycle, places, wordlike
from bihuan.core.lifecycle import Fact, Person, Situation
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User

NEAR_METRES = 300
REBOUND_DAYS = 180
LIKE_ENOUGH = 0.3
CANDIDATES = 500


def visible_to(user: User, now: datetime) -> CaseQuerySet:
    """Every case that the officer's posts reach; closed to everybody else."""
    return Case.objects.in_scope(access.scope(user, localdate(now)), user)


def case_for(user: User, number: str, now: datetime) -> Case:
    """One case with its units and facts, or `Case.DoesNotExist` where the officer may not look."""
    case = (
        Case.objects.with_facts()
        .select_related("owner", "origin", "sender", "lister", "post__unit", "parent", "hazard")
        .get(number=number)
    )
    if not _may_see(user, case, now):
        raise Case.DoesNotExist
    return case


def _may_see(user: User, case: Case, now: datetime) -> bool:
    seats = access.seats(user, localdate(now))
    if case.reported_by_id == user.pk and user.pk is not None:
        return True
    units = (case.owner, case.origin)
    if any(seat.reaches(unit) for seat in seats for unit in units):
        return True
    return any(
        path.startswith(seat.unit.path) for path in assisting_paths(case) for seat in seats
    )


def assisting_paths(case: Case) -> tuple[str, ...]:
    """Paths of the units that assist now, asked once for each loaded case."""
    kept: tuple[str, ...] | None = case.__dict__.get("_assisting")
    if kept is None:
        assists = Assist.objects.filter(case=case, ended_at=None)
        kept = tuple(assists.values_list("unit__path", flat=True))
        case.__dict__["_assisting"] = kept
    return kept


def person(user: User, now: datetime) -> Person:
    """The officer as the rules see them."""
    seats = access.seats(user, localdate(now))
    return Person(user.pk, tuple(lifecycle.Seat(seat.unit.path, seat.powers) for seat in seats))


def situation(case: Case) -> Situation:
    """The case as the rules see it; the case was loaded `with_facts()`."""
    hands = list(Hand.objects.filter(case=case).values_list("member_id", "unit__path", "side"))
    return Situation(
        stage=case.stage,
        owner=case.owner.path,
        origin=case.origin.path,
        assisting=assisting_paths(case),
        fixers=frozenset(member for member, _, side in hands if side == Hand.Side.FIX),
        checkers=frozenset(member for member, _, side in hands if side == Hand.Side.CHECK),
        fixing_units=frozenset(path for _, path, side in hands if side == Hand.Side.FIX),
        lister=case.lister.path if case.lister else "",
        contested=tuple(filter(None, (case.contest_from, case.contest_to))),
        facts=frozenset(_facts(case)),
        askers={
            move: asker
            for move, asker in (
                ("decide_contest", case.contested_by),
                ("decide_extension", case.extension_asked_by),
            )
            if asker is not None
        },
    )


def _facts(case: Case) -> Iterable[Fact]:
    said = {
        Fact.MAJOR: case.grade == Case.Grade.MAJOR,
        Fact.LISTED: case.lister_id is not None,
        Fact.STOPPED: case.stopped_at is not None,
        Fact.OPEN_CHILDREN: case.has_open_children,
        Fact.CONTESTED: case.contested_by is not None,
        Fact.EXTENSION_ASKED: case.extension_asked_by is not None,
        Fact.AFTER_EVIDENCE: case.has_after_evidence,
        Fact.PARTS_OPEN: case.has_open_controls,
    }
    return (fact for fact, so in said.items() if so)


def holders(unit: Unit, powers: Iterable[str], on: datetime) -> list[User]:
    """Active officers who hold a post with one of these powers in this very unit."""
    wanted = set(powers)
    tenures = (
        Tenure.objects.in_force(localdate(on))
        .filter(post__unit=unit, member__is_active=True)
        .select_related("post", "member")
    )
    found = {t.member_id: t.member for t in tenures if wanted & set(t.post.powers)}
    return list(found.values())


def similar(
    *,
    user: User,
    now: datetime,
    title: str,
    place: str,
    point: tuple[float, float] | None = None,
    exclude: int | None = None,
) -> list[Case]:
    """Cases of like subject nearby, open or closed of late, best first, at most five.

    Found by place and subject only, never by who reported. Without a point, places of like
    name count as near. One that was closed of late may be a rebound (反弹).
    """
    recent = Q(ended_at=None) | Q(ended_at__gte=now - timedelta(days=REBOUND_DAYS))
    near = Q(cell__in=places.cells_around(*point, NEAR_METRES)) | Q(cell=None) if point else Q()
    candidates = (
        visible_to(user, now).filter(recent, near).exclude(pk=exclude).exclude(stage="rejected")
    ).select_related("owner")
    scored = []
    for case in candidates.order_by("-reported_at", "-id")[:CANDIDATES]:
        score = _likeness(case, title, place, point)
        if score >= LIKE_ENOUGH:
            scored.append((score, case))
    scored.sort(key=lambda pair: -pair[0])
    return [case for _, case in scored[:5]]


def _likeness(case: Case, title: str, place: str, point: tuple[float, float] | None) -> float:
    subject = wordlike.likeness(title, f"{case.title} {case.description[:200]}")
    if point and case.latitude is not None and case.longitude is not None:
        metres = places.metres_between(point, (case.latitude, case.longitude))
        if metres > NEAR_METRES:
            return 0.0
        return subject + (1 - metres / NEAR_METRES) * 0.5
    where = wordlike.likeness(place, case.place)
    return subject + where * 0.5 if where > LIKE_ENOUGH else 0.0
