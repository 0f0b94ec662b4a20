"""The sides of people and units in a case, and whom a ledger names as having done the work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from bihuan.cases.models import Case, Participation
from bihuan.cases.queries import prepared
from bihuan.core import people
from bihuan.core.acting import StandsInFor
from bihuan.core.eyes import HeldPaths, Span
from bihuan.core.lifecycle import SOLVERS, Side, Stand
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.orgs.queries import going_on


@dataclass(frozen=True)
class Stands:
    """Who acted on which side, and for which unit, and where else they held a post meanwhile;
    `offices` are the units that are governments.
    """

    each: frozenset[Stand]
    beside: frozenset[Stand]
    offices: frozenset[str]


def of(case: Case, checked_date: date | None) -> Stands:
    """Return the participations. A person has one side, recorded with the unit of the first
    act; if they began for one unit and submitted for another, they count for both.
    """
    rows = prepared.participations(case.pk)
    found = {Stand(row[0], row[1], Side(row[2])) for row in rows}
    kinds = {row[1]: row[3] for row in rows} | {case.owner.path: case.owner.kind}
    begun, beside = localdate(case.round_at), set()
    for member, _path, side, _kind, path, kind, start, end in rows:
        if path and kind and start and Span(begun, checked_date).meets(start, end):
            beside.add(Stand(member, path, Side(side)))
            kinds[path] = kind
    mine = [stand for stand in found if stand.person == case.resolved_by_id]
    handed_in = case.resolved_unit_id
    if mine and handed_in and all(_last(stand.path) != handed_in for stand in mine):
        unit = Unit.objects.get(pk=handed_in)
        found.add(mine[0]._replace(path=unit.path))
        kinds[unit.path] = unit.kind
    offices = frozenset(path for path, kind in kinds.items() if kind == Unit.Kind.GOVERNMENT)
    return Stands(frozenset(found), frozenset(beside), offices)


def _last(path: str) -> int:
    """Return the unit with this path."""
    return int(path.rstrip("/").rpartition("/")[2])


def solvers(case: Case) -> set[int]:
    """Return who has worked on the fix or on the answer: a reporter's message may be about them."""
    return solvers_of([case])[case.pk]


def solvers_of(cases: Sequence[Case]) -> dict[int, set[int]]:
    """Return the same for many cases, by primary key."""
    found: dict[int, set[int]] = {case.pk: set() for case in cases}
    for case in cases:
        if case.resolved_by_id is not None:
            found[case.pk].add(case.resolved_by_id)
    worked = Participation.objects.filter(case__in=found.keys(), side__in=sorted(SOLVERS))
    for pk, member in worked.values_list("case_id", "member_id"):
        found[pk].add(member)
    return found


def named_officer(case: Case) -> str:
    """Return the officer named in a ledger, unless an account has submitted the work."""
    return case.resolver_name if case.resolved_by_id is None else ""


def named_in_ledger(case: Case) -> dict[str, int | None]:
    """Return who did the work according to a ledger.

    The post found by the import determines the account, unless another officer with that name held
    a post in the unit: then the post may be the wrong one, and all officers with that name are
    returned.
    """
    said = named_officer(case)
    named: dict[str, int | None] = dict.fromkeys(people.people(said)) if said else {}
    if not named or case.post is None:
        return named
    tenures = Tenure.objects.filter(post__unit=case.post.unit_id)
    held = list(tenures.values_list("member", "member__name", "post"))
    for name in named:
        bearers = {member for member, said, _post in held if name in people.people(said)}
        holders = {member for member, _said, post in held if post == case.post_id}
        if len(bearers) == 1 and bearers <= holders:
            (named[name],) = bearers
    return named


def held(user: User, on: date) -> tuple[HeldPaths, ...]:
    """Return the officer's current and former posts as input for the rules."""
    return tuple(_held(each) for each in access.held(user, on))


def represents(user: User, on: date) -> tuple[StandsInFor, ...]:
    """Return whom the officer represents or represented, as input for the rules."""
    return tuple(
        StandsInFor(holder.pk, holder.name, each.since_date, each.until_date)
        for each in access.held(user, on)
        if (holder := each.stood_in_for) is not None
    )


def asked_for(askers: Iterable[int], since_date: date) -> frozenset[tuple[int, int]]:
    """Return pairs of these officers and the holders whom they represented since then."""
    members = set(askers)
    if not members:
        return frozenset()
    rows = Tenure.with_stand_ins.filter(
        member__in=members, holder_tenure__isnull=False, end_date__gte=since_date
    )
    return frozenset(rows.values_list("member", "holder_tenure__member"))


def _held(each: access.HeldPost) -> HeldPaths:
    """Return the post as input for the rules; that of a closed unit also counts for its
    successor.
    """
    followed = going_on(each.unit) if each.unit.successor_id else each.unit
    paths = dict.fromkeys((each.unit.path, followed.path))
    return HeldPaths(tuple(paths), each.since_date, each.until_date, str(each.post))
