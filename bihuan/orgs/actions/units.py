"""Create, change, move and close units."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing
from bihuan.orgs import access, announcements, divisions, holdings, queries
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions.steps import (
    change,
    lock_organisation,
    note,
    require_open,
    require_over,
)
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.announcements import News, cause_of
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.orgs.refusals import (
    AlreadyThere,
    DecidedAbove,
    NoSuccessor,
    OpenWork,
    UnderItself,
    UnitInUse,
)


@transaction.atomic
def add_unit(
    *,
    parent: Unit | None,
    code: str,
    name: str,
    kind: Unit.Kind,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    division_code: str = "",
    is_public: bool = True,
) -> Unit:
    """Add a unit under its parent; at the top of the tree only from the console."""
    lock_organisation()
    parent = Unit.objects.get(pk=parent.pk) if parent else None
    require_over(actor, parent, now)
    if parent:
        require_open(parent)
    if Unit.objects.filter(code=code).exists():
        raise AlreadyThere(code)
    divisions.require_under(division_code, _division_of(parent))

    unit = Unit.objects.create(
        parent=parent,
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        division_code=division_code,
        is_public=is_public,
        start_date=localdate(now),
        path=f"new/{code}/",
        depth=parent.depth + 1 if parent else 0,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk:06d}/"
    unit.save(update_fields=["path"])
    after = {"name": name, "kind": kind, "parent": parent.code if parent else ""}
    note(unit, OrgAct.ADD_UNIT, actor=actor, now=now, after=after)
    return unit


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    name: str,
    kind: Unit.Kind,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    division_code: str = "",
    is_public: bool | None = None,
) -> Unit:
    """Change a unit's name, kind, division code, or whether it is for the public."""
    lock_organisation()
    unit = Unit.objects.get(pk=unit.pk)
    require_over(actor, unit, now)
    divisions.require_under(division_code, _division_of(unit.parent))
    if division_code != unit.division_code:
        _require_subtree_under(unit, division_code)

    is_shown = unit.is_public if is_public is None else is_public
    _decide_above(unit, kind, actor, now, is_shown=is_shown)
    changed = change(
        unit,
        name=name,
        name_en=name_en,
        kind=kind,
        division_code=division_code,
        is_public=is_shown,
    )
    if changed:
        note(
            unit,
            OrgAct.CHANGE_UNIT,
            actor=actor,
            now=now,
            before=changed.before,
            after=changed.after,
        )
    return unit


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, actor: Actor, now: datetime, reason: str = "") -> Unit:
    """Move a unit, with all units below it, under another parent."""
    lock_organisation()
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    parent = Unit.objects.get(pk=parent.pk)
    require_over(actor, unit.parent, now)
    require_over(actor, parent, now)
    if parent.is_within(unit):
        raise UnderItself
    require_open(parent)
    divisions.require_under(unit.division_code, _division_of(parent))
    _require_subtree_under(unit, unit.division_code or _division_of(parent))

    before, old_path, old_depth = unit.parent, unit.path, unit.depth
    if before == parent:
        return unit
    new_path = f"{parent.path}{unit.pk:06d}/"
    Unit.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1)),
        depth=F("depth") + parent.depth + 1 - old_depth,
    )
    paths_before = tuple(unit.paths_above())
    unit.refresh_from_db()
    change(unit, parent=parent)
    by = actor if isinstance(actor, User) else None
    for holding in holdings.every():
        if holding.moved is not None:
            holding.moved(holdings.Moving(unit, paths_before, by, now))
    note(
        unit,
        OrgAct.MOVE_UNIT,
        actor=actor,
        now=now,
        reason=reason,
        before={"parent": before.code if before else ""},
        after={"parent": parent.code},
    )
    return unit


@transaction.atomic
def close_unit(
    *,
    unit: Unit,
    end_date: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
    successor: Unit | None = None,
) -> Unit:
    """Close a unit that has no open unit below it and no post that is held.

    Nothing is assigned to it from then on, and its open work is transferred to the successor at
    once.
    """
    lock_organisation()
    # Wait for pending assignments to the unit, so that they are transferred with the rest.
    Unit.objects.select_for_update().values_list("pk").get(pk=unit.pk)
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    require_over(actor, unit.parent, now)
    if not reason:
        raise Missing("reason")
    require_open(unit)
    if Unit.objects.filter(parent=unit, end_date=None).exists():
        raise UnitInUse
    if Tenure.objects.not_over(end_date).filter(post__unit=unit).exists():
        raise UnitInUse
    _pass_on(unit, _checked(unit, successor, actor, now), actor, now, reason)

    change(unit, end_date=end_date, successor=successor)
    after = {"end_date": end_date, "successor": successor.code if successor else ""}
    note(unit, OrgAct.CLOSE_UNIT, actor=actor, now=now, reason=reason, after=after)
    return unit


def _decide_above(
    unit: Unit, kind: Unit.Kind, actor: Actor, now: datetime, *, is_shown: bool
) -> None:
    """Require an administrator of the unit above to change how people find the unit, and notify
    the leaders there.
    """
    decided = {"unit_kind": kind != unit.kind, "unit_hidden": unit.is_public and not is_shown}
    above, by = unit.parent, actor if isinstance(actor, User) else None
    for what in (what for what, is_so in decided.items() if is_so):
        if by and not (above and access.has(by, Power.ADMINISTER, unit=above, now=now)):
            raise DecidedAbove
        if above is None or actor is Console.FOUNDING:
            continue
        cause = cause_of(what, unit, now)
        detail = {"unit": unit.name, "by": by.name if by else ""}
        leaders = [each for each in queries.leading(above, localdate(now)) if each != by]
        announcements.tell(leaders, News(above, what, cause=cause, now=now, detail=detail))


def _checked(unit: Unit, successor: Unit | None, actor: Actor, now: datetime) -> Unit | None:
    """Return the successor, locked; the actor must administer it as well."""
    if successor is None:
        return None
    found = Unit.objects.get(pk=successor.pk)
    require_over(actor, found, now)
    if found.end_date or found.is_within(unit):
        raise NoSuccessor
    return found


def _pass_on(unit: Unit, successor: Unit | None, actor: Actor, now: datetime, reason: str) -> None:
    if successor is None:
        if work := holdings.of_unit(unit, localdate(now)):
            raise OpenWork(*work)
        return
    by = actor if isinstance(actor, User) else None
    passing = holdings.PassingOn(unit, successor, by, now, reason)
    for holding in holdings.every():
        holding.pass_on(passing)


def _division_of(unit: Unit | None) -> str:
    """Return the division code of the unit, or of the nearest unit above it that has one."""
    if unit is None:
        return ""
    if unit.division_code:
        return unit.division_code
    above = Unit.objects.above(unit).exclude(division_code="").first()
    return above.division_code if above else ""


def _require_subtree_under(unit: Unit, division_code: str) -> None:
    below = Unit.objects.within(unit).exclude(pk=unit.pk).exclude(division_code="")
    for code in below.values_list("division_code", flat=True):
        divisions.require_under(code, division_code)
