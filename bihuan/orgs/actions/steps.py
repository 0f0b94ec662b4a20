"""Steps shared by all actions on the organisation: lock, permission, change, journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, SignIn, Tenure, Unit, User
from bihuan.orgs.refusals import LastAdministrator, PostElsewhere, UnitClosed

Values = Mapping[str, object]


def lock_organisation() -> None:
    """Lock the tree for one action at a time, so that two actions cannot form a cycle together.

    Rows that only refer to a topmost unit are not kept waiting: an action that waits for them in
    turn, as the closing of a unit does, would never end.
    """
    list(Unit.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))


def lock_unit(unit: Unit) -> None:
    """Lock the unit until the end of the transaction; other rows may still refer to it."""
    lock_lines([unit.pk], above=False)


def lock_lines(units: Iterable[int], *, above: bool = True) -> None:
    """Lock these units and those above them, always in the same order."""
    found = Unit.objects.filter(pk__in=set(units))
    if above:
        paths = {path for unit in found for path in (*unit.paths_above(), unit.path)}
        found = Unit.objects.filter(path__in=paths)
    list(found.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def require_open(unit: Unit) -> None:
    """Refuse to assign anything to a closed unit; the refusal names its successor."""
    if unit.end_date is not None:
        successor = unit.successor
        raise UnitClosed(unit.name, successor.name if successor else "")


def require_over(actor: Actor, unit: Unit | None, now: datetime) -> None:
    """Require that the actor administers this unit; for the top of the tree (None), only the
    console may act.
    """
    if isinstance(actor, Console):
        return
    if unit is None:
        raise NotAllowed(Power.ADMINISTER)
    access.require(actor, Power.ADMINISTER, unit=unit, now=now)


def require_over_member(actor: Actor, member: User, now: datetime) -> None:
    """Require an actor who administers every unit in which the member holds or will hold one."""
    require_somewhere(actor, now)
    for unit in units_of(member, now):
        require_over(actor, unit, now)


def require_near_member(actor: Actor, member: User, now: datetime) -> None:
    """Require an actor who administers one of the member's units, if there is any; as much as is
    needed to see the account in the workbook of the organisation.
    """
    require_somewhere(actor, now)
    if isinstance(actor, Console):
        return
    units = units_of(member, now)
    if units and not any(access.has(actor, Power.ADMINISTER, unit=u, now=now) for u in units):
        raise NotAllowed(Power.ADMINISTER)


def require_appointable(actor: Actor, member: User, now: datetime) -> None:
    """Require an actor who administers every unit in which the officer holds or will hold a post.

    A post in a unit excludes the officer from cases about the unit and from verifying its work,
    so the administrator of one unit could exclude the officers of another.
    """
    if isinstance(actor, Console) or actor.pk == member.pk:
        return
    for unit in units_of(member, now):
        if not access.has(actor, Power.ADMINISTER, unit=unit, now=now):
            raise PostElsewhere(member.name, unit.name)


def require_somewhere(actor: Actor, now: datetime) -> None:
    """Require that the actor administers at least one unit."""
    if isinstance(actor, Console):
        return
    if not access.units_with(actor, Power.ADMINISTER, localdate(now)):
        raise NotAllowed(Power.ADMINISTER)


def require_settled_over(actor: User, unit: Unit | None, now: datetime) -> None:
    """Like `require_over`, by a post and a password that are not pending; without a unit, for any
    unit.
    """
    fresh = User.objects.get(pk=actor.pk)
    fitting = [
        seat.settles_at
        for seat in access.own_seats(fresh, localdate(now))
        if Power.ADMINISTER in seat.powers and (unit is None or seat.reaches(unit))
    ]
    if not fitting:
        raise NotAllowed(Power.ADMINISTER)
    waiting = [each for each in fitting if each is not None and grants.waits(each, now)]
    if len(waiting) == len(fitting):
        raise grants.StillWaits(min(waiting))


def require_settled_over_member(actor: User, member: User, now: datetime) -> None:
    """Like `require_over_member`, by a post and a password that are not pending."""
    for unit in units_of(member, now) or (None,):
        require_settled_over(actor, unit, now)


def units_of(member: User, now: datetime) -> list[Unit]:
    """Return every unit in which the member holds or will hold a post."""
    return [tenure.post.unit for tenure in _tenures_not_over(member, localdate(now))]


def keep_an_administrator(actor: Actor, post: Post, powers: list[str], on: date) -> None:
    """Refuse a change that would leave the unit of a post with these powers without an
    administrator.

    The console is exempt: it can appoint an administrator.
    """
    if isinstance(actor, Console) or Power.ADMINISTER not in powers:
        return
    if not _administered(post.unit, on):
        raise LastAdministrator


def keep_administrators_without(actor: Actor, member: User, on: date) -> None:
    """Apply `keep_an_administrator` to every post of a member whose account was just closed."""
    for tenure in _tenures_not_over(member, on):
        keep_an_administrator(actor, tenure.post, tenure.post.powers, on)


def day_after(end_date: date, now: datetime) -> date:
    """Return the first day without the holder, but no earlier than today."""
    return max(end_date + timedelta(days=1), localdate(now))


@dataclass(frozen=True)
class Change:
    """The fields of a row whose values changed."""

    before: Values
    after: Values


def change(row: models.Model, **values: object) -> Change | None:
    """Set and save the fields that differ; return None if the row already has all these values."""
    before = {name: getattr(row, name) for name in values}
    differing = [name for name, value in values.items() if before[name] != value]
    if not differing:
        return None
    for name in differing:
        setattr(row, name, values[name])
    row.save(update_fields=differing)
    return Change(
        {name: before[name] for name in differing}, {name: values[name] for name in differing}
    )


def note(
    subject: Unit | Post | User,
    act: OrgAct,
    *,
    actor: Actor | None,
    now: datetime,
    reason: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Write one journal entry; entries by the console and by unknown visitors have no actor."""
    record(
        subject.subject,
        act.value,
        by=actor if isinstance(actor, User) else None,
        at=now,
        note=reason,
        before=before,
        after=after,
        detail=_readable(before or {}, after or {}),
    )


def _readable(before: Values, after: Values) -> Values:
    """Return the values before and after; telephone numbers are included in the digests only."""
    names = (before.keys() | after.keys()) - {"work_phone"}
    return {name: [before.get(name), after.get(name)] for name in names}


def _administered(unit: Unit, on: date) -> bool:
    tenures = Tenure.objects.in_force(on).in_units([*unit.paths_above(), unit.path])
    return any(
        Power.ADMINISTER in powers for powers in tenures.values_list("post__powers", flat=True)
    )


def _tenures_not_over(member: User, on: date) -> models.QuerySet[Tenure]:
    return Tenure.objects.not_over(on).filter(member=member).select_related("post__unit")


def end_sessions(member: User, *, but: str = "") -> None:
    """End all sessions of the officer, except the given one if any."""
    SignIn.objects.filter(user=member).exclude(session_key=but).delete()
