"""Questions about cases; each says in its name what it costs little to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from bihuan.cases.models import Assist, Case, CaseQuerySet, Hand, Sight
from bihuan.core import lifecycle, places, wordlike
from bihuan.core.lifecycle import Fact, Person, Situation
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, User
from bihuan.store.prepared import Prepared

NEAR_METRES = 300
REBOUND_DAYS = 180
LIKE_ENOUGH = 0.3
CANDIDATES = 500


def visible_to(user: User, now: datetime) -> CaseQuerySet:
    """Every case that the officer's posts reach; closed to everybody else."""
    return Case.objects.in_sight(sight(user, now))


def sight(user: User, now: datetime) -> Sight:
    """Which cases the officer's posts reach today."""
    units = access.scope(user, localdate(now))
    if units is None:
        return Sight(user.pk, None)
    assisted = (
        Assist.objects.filter(unit__in=units, ended_at=None) if units else Assist.objects.none()
    )
    return Sight(user.pk, units, frozenset(assisted.values_list("case_id", flat=True)))


def case_for(user: User, number: str, now: datetime) -> Case:
    """One case with its units and facts, or `Case.DoesNotExist` where the officer may not look."""
    return seen_by(user, _case(number), now)


def seen_by(user: User, case: Case | None, now: datetime) -> Case:
    """The case, or `Case.DoesNotExist` where there is none that the officer may see."""
    if case is None or not _may_see(user, case, now):
        raise Case.DoesNotExist
    return case


def numbered(number: str) -> CaseQuerySet:
    """The case of this number with its facts and whatever the rules and pages ask of its units."""
    beside = ("owner", "origin", "sender", "lister", "post__unit", "parent", "hazard")
    return Case.objects.with_facts().select_related(*beside).filter(number=number)


_case = Prepared(numbered, ("a", "b")).one


def _may_see(user: User, case: Case, now: datetime) -> bool:
    seats = access.seats(user, localdate(now))
    if case.reported_by_id == user.pk and user.pk is not None:
        return True
    units = (case.owner, case.origin)
    if any(seat.reaches(unit) for seat in seats for unit in units):
        return True
    return any(path.startswith(seat.unit.path) for path in assisting_paths(case) for seat in seats)


_assists = Prepared(
    lambda case: Assist.objects.filter(case=case, ended_at=None).select_related("unit"), (1, 2)
)
_hands = Prepared(
    lambda case: Hand.objects.filter(case=case).values_list("member_id", "unit__path", "side"),
    (1, 2),
)


def assists(case: Case) -> list[Assist]:
    """The units that assist now, asked once for each loaded case."""
    kept: list[Assist] | None = case.__dict__.get("_assists")
    if kept is None:
        kept = _assists(case.pk)
        case.__dict__["_assists"] = kept
    return kept


def assisting_paths(case: Case) -> tuple[str, ...]:
    return tuple(assist.unit.path for assist in assists(case))


def person(user: User, now: datetime) -> Person:
    """The officer as the rules see them."""
    seats = access.seats(user, localdate(now))
    return Person(user.pk, tuple(lifecycle.Seat(seat.unit.path, seat.powers) for seat in seats))


def situation(case: Case) -> Situation:
    """The case as the rules see it; the case was loaded `with_facts()`."""
    hands = _hands(case.pk)
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


def holders(paths: Collection[str], powers: Iterable[Power], now: datetime) -> list[User]:
    """Active officers who hold a post with one of these powers in one of these very units."""
    return [t.member for t in _tenures(paths, now) if set(powers) & set(t.post.powers)]


# Who has to act before each clock of the loop ends: with which powers, seated where.
ANSWERABLE: Mapping[str, tuple[frozenset[Power], str]] = {
    "LOC-1": (frozenset({Power.COORDINATE}), "origin"),
    "LOC-2": (frozenset({Power.COORDINATE}), "origin"),
    "HAZ-5": (frozenset({Power.HANDLE}), "owner"),
    "LOC-3": (frozenset({Power.VERIFY}), "above"),
    "HAZ-7": (frozenset({Power.VERIFY}), "above"),
    "LOC-4": (frozenset({Power.VERIFY}), "above"),
    "LOC-5": (frozenset({Power.APPROVE, Power.COORDINATE}), "above"),
    "LOC-6": (frozenset({Power.APPROVE}), "above"),
    "LOC-7": (frozenset({Power.HANDLE}), "owner"),
    "LOC-8": (frozenset({Power.COORDINATE, Power.APPROVE}), "above"),
}


def answerable(case: Case, rule_id: str, now: datetime) -> list[User]:
    """Who has to act before this clock ends: the case's own post, or the nearest who can."""
    powers, where = ANSWERABLE[rule_id]
    unit = case.origin if where == "origin" else case.owner
    paths = unit.paths_above() if where == "above" else [*unit.paths_above(), unit.path]
    able = [t for t in _tenures(paths, now) if powers & set(t.post.powers)]
    if where == "owner" and (own := [t for t in able if t.post_id == case.post_id]):
        able = own
    nearest = max((len(t.post.unit.path) for t in able), default=0)
    return [t.member for t in able if len(t.post.unit.path) == nearest]


def _tenures(paths: Collection[str], now: datetime) -> list[Tenure]:
    tenures = Tenure.objects.in_force(localdate(now)).filter(
        post__unit__path__in=paths, member__is_active=True
    )
    return list(tenures.select_related("post__unit", "member").order_by("pk"))


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
        visible_to(user, now).filter(recent, near).exclude(stage="rejected").select_related("owner")
    )
    scored = []
    for case in candidates.order_by("-reported_at", "-id")[:CANDIDATES]:
        if case.pk == exclude:
            continue
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
