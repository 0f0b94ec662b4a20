"""Who acts for the absent holder of a post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from bihuan import formats
from bihuan.core.powers import NO_CASES, Power
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, TenureQuerySet, Unit, User


def by_post(acting: Iterable[Tenure]) -> Mapping[int, str]:
    """Name those who act for each post: the holder, and who represents them until when."""
    holders, represented = dict[int, str](), dict[int, Tenure]()
    for each in acting:
        if each.holder_tenure_id is None:
            holders[each.post_id] = each.member.name
        else:
            represented[each.post_id] = each
    return {post: _named(name, represented.get(post)) for post, name in holders.items()}


def _named(holder: str, stand_in: Tenure | None) -> str:
    if stand_in is None or stand_in.end_date is None:
        return holder
    details = {"stand_in": stand_in.member.name, "day": formats.day(stand_in.end_date)}
    text = gettext("(stand-in: %(stand_in)s until %(day)s)") % details
    return f"{holder} {text}"


def now_and_later(on: date) -> TenureQuerySet:
    """Return the stand-ins that have not ended by this day, by their first day."""
    rows = Tenure.with_stand_ins.not_over(on).filter(holder_tenure__isnull=False, stopped_at=None)
    held = Q(holder_tenure__end_date=None) | Q(holder_tenure__end_date__gte=on)
    rows = rows.filter(held, holder_tenure__member__is_active=True)
    named = rows.select_related("member", "holder_tenure__member", "post__unit")
    return named.order_by("start_date", "pk")


def around(user: User, on: date) -> list[Tenure]:
    """Return the stand-ins by or for this officer that have not ended."""
    return list(now_and_later(on).filter(Q(member=user) | Q(holder_tenure__member=user)))


def possible(tenure: Tenure, on: date) -> list[User]:
    """Return who may stand in for the holder: officers with every power of the post, in its unit,
    next to it or directly below, and with no post above it; the nearest first.

    An officer above already reaches the work; and could lose a case about the holder's unit by
    being named.
    """
    needed = access.powers_of(tenure.post) - NO_CASES
    able = [each for each, powers in _near(tenure, on) if needed <= powers]
    return sorted(
        able, key=lambda each: (_distance(each, tenure.post.unit, on), each.name, each.pk)
    )


def _distance(member: User, unit: Unit, on: date) -> int:
    """Return 0 for an officer of the unit, 1 for one of a unit below, 2 for one of a neighbour of
    the same kind, and 3 for others.
    """
    units = [seat.unit for seat in access.own_seats(member, on)]
    if any(each.pk == unit.pk for each in units):
        return 0
    if any(each.is_within(unit) for each in units):
        return 1
    return 2 if any(each.kind == unit.kind for each in units) else 3


def lacking(tenure: Tenure, on: date) -> tuple[frozenset[Power], bool]:
    """Return the powers of the post that no other officer near it has, and True; or, if each has
    an officer but no officer has them all, all of them and False.
    """
    needed = access.powers_of(tenure.post) - NO_CASES
    there = frozenset(power for _member, powers in _near(tenure, on) for power in powers)
    return (needed - there, True) if needed - there else (needed, False)


def _near(tenure: Tenure, on: date) -> list[tuple[User, frozenset[Power]]]:
    """Return the officers in the unit, next to it or below it without a post above, and their
    powers; none from an enterprise, except for an enterprise.
    """
    unit = tenure.post.unit
    is_enterprise = unit.kind == Unit.Kind.ENTERPRISE
    near = Q(pk=unit.pk) | Q(parent=unit)
    if unit.parent_id is not None:
        near |= Q(parent=unit.parent_id)
    here = Tenure.objects.in_force(on).filter(
        post__unit__in=Unit.objects.filter(near).open(), member__is_active=True
    )
    members = list(dict.fromkeys(each.member for each in here.select_related("member")))
    access.ask_for_posts(members, on)
    seats = {each: access.own_seats(each, on) for each in members if each.pk != tenure.member_id}
    return [
        (member, frozenset(power for seat in held for power in seat.powers))
        for member, held in seats.items()
        if not any(unit.is_within(seat.unit) and seat.unit.pk != unit.pk for seat in held)
        if is_enterprise or all(seat.unit.kind != Unit.Kind.ENTERPRISE for seat in held)
    ]
