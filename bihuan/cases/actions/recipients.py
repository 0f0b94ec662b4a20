"""Who takes a case up: in the unit that has it, or above if all of its officers are excluded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core import routing
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User

TAKERS = frozenset({Power.COORDINATE, Power.APPROVE})


@dataclass(frozen=True)
class Shut:
    """Whom a case is closed to: these officers, and those who have had a post in one of these
    units since then, or below it, wherever they are now.
    """

    members: frozenset[int] = frozenset()
    units: tuple[tuple[str, datetime], ...] = ()

    @classmethod
    def out_of(cls, case: Case) -> Shut:
        bars = Exclusion.objects.filter(case=case).values_list("unit__path", "member", "since_at")
        return cls.by(bars)

    @classmethod
    def by(cls, bars: Iterable[tuple[str | None, int | None, datetime | None]]) -> Shut:
        """Build it from exclusions, which name a unit's path and since when, or an officer."""
        found = list(bars)
        return cls(
            frozenset(member for _, member, _ in found if member is not None),
            tuple((path, since) for path, _, since in found if path is not None and since),
        )

    def __bool__(self) -> bool:
        return bool(self.members or self.units)

    def holders(self, now: datetime) -> Q:
        """Condition for tenures of excluded officers."""
        had = Q(pk__in=())
        for path, since_at in self.units:
            since = localdate(since_at)
            until = Q(end_date=None) | Q(end_date__gte=since) | Q(acted_until_date__gte=since)
            had |= Q(post__unit__path__startswith=path) & until
        begun = Tenure.with_stand_ins.filter(had, start_date__lte=localdate(now))
        there = begun.filter(access.ENTERED_IN_TIME)
        return Q(member__in=self.members) | Q(member__in=there.values("member"))


def takers(path: str, shut: Shut, now: datetime) -> list[Tenure]:
    """Return the officers who could take up a case in exactly this unit and are not excluded."""
    tenures = Tenure.objects.in_force(localdate(now)).filter(
        post__unit__path=path, post__unit__end_date=None, member__is_active=True
    )
    if shut:
        tenures = tenures.exclude(shut.holders(now))
    held = tenures.select_related("post", "member")
    return [each for each in held if TAKERS & set(each.post.powers)]


def told_first(case: Case, powers: frozenset[Power], shut: Shut, now: datetime) -> list[User]:
    """Return who is notified of a report that is about to be stored: those who take the next
    step, in its unit or in the nearest one above.
    """
    about = [path for path, _ in shut.units]
    above = [] if case.is_confidential else routing.above(case.owner.path)
    for path in (case.owner.path, *above):
        near = [] if routing.is_shut_out(path, about) else _acting(path, shut, now)
        able = {each.member.pk: each.member for each in near if powers & set(each.post.powers)}
        if able:
            return list(able.values())
    return []


def _acting(path: str, shut: Shut, now: datetime) -> list[Tenure]:
    """Return the holders of posts in this unit with their stand-ins, who are left out where
    anyone is excluded: they inherit the exclusions of the holder.
    """
    if shut:
        return takers(path, shut, now)
    acting = Tenure.with_stand_ins.acting(localdate(now)).in_units([path])
    return list(acting.select_related("post", "member"))


def all_are_shut(path: str, shut: Shut, now: datetime) -> bool:
    """Whether every officer who takes cases up in exactly this unit is excluded; False if
    vacant.
    """
    return not takers(path, shut, now) and bool(takers(path, Shut(), now))


def confide(case: Case, now: datetime, unit: Unit | None = None) -> None:
    """Grant access to the posts of its owner that take up and answer such cases, and no others;
    or to those of the unit to which it is transferred.
    """
    rows = confidants(case, unit or case.owner, Shut.out_of(case), now)
    AccessGrant.objects.bulk_create(rows, ignore_conflicts=True)


def confidants(case: Case, unit: Unit, shut: Shut, now: datetime) -> list[AccessGrant]:
    posts = {tenure.post_id for tenure in takers(unit.path, shut, now)}
    return [AccessGrant(case=case, post_id=post, added_at=now) for post in sorted(posts)]
