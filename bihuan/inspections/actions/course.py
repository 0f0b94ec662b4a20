"""The course of an inspection: planned, begun, abandoned; `ending` ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.checklists.models import Checklist, Version
from bihuan.core import inspection as core
from bihuan.core import legible
from bihuan.core.inspection import Act, Kind, NotTheOperator, SiteClosed, Stage
from bihuan.core.masking import masked
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.inspections import hooks, queries
from bihuan.inspections.models import Inspection, Inspector, Involved
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site


@dataclass(frozen=True)
class Arrangement:
    """What is inspected, for which unit, by whom, and why."""

    site: Site
    unit: Unit
    posts: tuple[Post, ...]
    kind: Kind
    key: UUID


def plan(
    *,
    site: Site,
    checklist: Checklist,
    unit: Unit,
    posts: Collection[Post],
    kind: Kind,
    actor: User | None,
    now: datetime,
    key: UUID,
    due_date: date | None = None,
) -> Inspection:
    """Plan an inspection; without an actor it comes from a plan that was decided before."""
    given = Arrangement(site, unit, tuple(posts), Kind(kind), key)
    return _once(given, lambda: _plan(given, checklist, due_date, actor, now))


def begin(
    *,
    site: Site,
    version: Version,
    unit: Unit,
    posts: Collection[Post],
    kind: Kind,
    actor: User,
    now: datetime,
    key: UUID,
) -> Inspection:
    """Begin an inspection by this version of its checklist; sent twice, it begins once."""
    given = Arrangement(site, unit, tuple(posts), Kind(kind), key)
    return _once(given, lambda: _begin(given, version, actor, now))


@transaction.atomic
def start(*, inspection: Inspection, version: Version, actor: User, now: datetime) -> Inspection:
    """Begin a planned inspection: from now on it is by this version, whatever the list becomes."""
    here = locked(inspection)
    if here.begun_at is not None:
        return here
    require_own_post(here, actor, now)
    if version.checklist_id != here.checklist_id:
        raise core.NotInTheList
    require_open(here.site.unit)
    _start(here, version, now)
    here.save(update_fields=["stage", "version", "begun_at", "area"])
    involve(here)
    record(here.subject, Act.BEGIN, by=actor, at=now, detail=_version_detail(version))
    hooks.reached(here, actor, now)
    return here


@transaction.atomic
def abandon(*, inspection: Inspection, actor: User, reason: str, now: datetime) -> Inspection:
    """End an inspection without a result, for a stated reason.

    Who inspects first decides what failed; what is planned is called off by others.
    """
    here = locked(inspection)
    if queries.own_post(actor, here, now) is not None:
        _require_nothing_hidden(here)
    elif not _coordinates(actor, here.unit, now):
        raise NotAllowed
    here.stage = core.after(Stage(here.stage), Act.ABANDON)
    here.reason = masked(legible.clean(reason)).text
    if not legible.has_words(here.reason):
        raise Missing("reason")
    here.abandoned_at = now
    here.save(update_fields=["stage", "reason", "abandoned_at"])
    record(here.subject, Act.ABANDON, by=actor, at=now, note=here.reason)
    hooks.reached(here, actor, now)
    return here


def locked(inspection: Inspection) -> Inspection:
    """Return the inspection as it is now, locked until the transaction ends."""
    rows = Inspection.objects.select_for_update(of=("self",))
    return rows.select_related("version", "site__unit", "unit").get(pk=inspection.pk)


def require_own_post(inspection: Inspection, actor: User, now: datetime) -> Post:
    """Return the inspecting post that the officer holds; refuse if there is none."""
    post = queries.own_post(actor, inspection, now)
    if post is None:
        raise NotAllowed
    return post


# ------------------------------------------------------------------------- steps
def _once(given: Arrangement, make: Callable[[], Inspection]) -> Inspection:
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        made = Inspection.objects.filter(key=given.key, site=given.site, unit=given.unit).first()
        if made is None:
            raise
        return made


def _plan(
    given: Arrangement,
    checklist: Checklist,
    due_date: date | None,
    actor: User | None,
    now: datetime,
) -> Inspection:
    if actor is not None:
        _require_may_arrange(given, actor, now)
    made = _made(given, checklist, now)
    made.due_date = due_date
    made.save(force_insert=True)
    _add_inspectors(made, given)
    involve(made)
    record(made.subject, Act.PLAN, by=actor, at=now, detail=_detail(given))
    hooks.reached(made, actor, now)
    return made


def _begin(given: Arrangement, version: Version, actor: User, now: datetime) -> Inspection:
    _require_may_arrange(given, actor, now)
    made = _made(given, version.checklist, now)
    _start(made, version, now)
    made.save(force_insert=True)
    _add_inspectors(made, given)
    involve(made)
    detail = {**_detail(given), **_version_detail(version)}
    record(made.subject, Act.BEGIN, by=actor, at=now, detail=detail)
    hooks.reached(made, actor, now)
    return made


def _made(given: Arrangement, checklist: Checklist, now: datetime) -> Inspection:
    """Return an unsaved inspection; the open units are required here, for every way to one."""
    core.require_units(given.kind, [post.unit_id for post in given.posts])
    require_open(given.unit)
    if given.site.closed_at is not None:
        raise SiteClosed
    if given.kind is Kind.SELF_CHECK and {given.site.operator_unit_id} != {
        given.unit.pk,
        *(post.unit_id for post in given.posts),
    }:
        raise NotTheOperator
    return Inspection(
        site=given.site,
        checklist=checklist,
        unit=given.unit,
        area=given.site.unit,
        kind=given.kind.value,
        made_at=now,
        key=given.key,
    )


def _start(inspection: Inspection, version: Version, now: datetime) -> None:
    inspection.stage = core.after(Stage(inspection.stage), Act.BEGIN).value
    inspection.version, inspection.begun_at = version, now
    inspection.area = inspection.site.unit


def _require_may_arrange(given: Arrangement, actor: User, now: datetime) -> None:
    """Require an officer who inspects, or who coordinates the unit, and who sees the site."""
    seats = {seat.post.pk for seat in queries.seats_of(actor, now)}
    inspects = any(post.pk in seats for post in given.posts)
    if not inspects and not _coordinates(actor, given.unit, now):
        raise NotAllowed
    if not queries.sites_for(actor, now).filter(pk=given.site.pk).exists():
        raise NotAllowed
    if not all(core.may_inspect(given.kind, access.powers_of(post)) for post in given.posts):
        raise NotAllowed


def _require_nothing_hidden(inspection: Inspection) -> None:
    """Refuse to drop one's own duty, or an inspection in which failed items are not decided."""
    if inspection.begun_at is None:
        raise core.PlannedByOthers
    unsettled = [item.key for item in queries.record_of(inspection).unsettled]
    core.require_finished({"unsettled": unsettled})


def _coordinates(actor: User, unit: Unit, now: datetime) -> bool:
    return access.has(actor, Power.COORDINATE, unit=unit, now=now)


def _add_inspectors(inspection: Inspection, given: Arrangement) -> None:
    posts = {post.pk: post for post in given.posts}
    Inspector.objects.bulk_create(
        Inspector(inspection=inspection, post=post) for post in posts.values()
    )


def involve(inspection: Inspection) -> None:
    """Let the units see it; the site's side only once it may know."""
    roles = {inspection.unit_id: Involved.Role.INSPECTS}
    for unit in inspection.inspectors.values_list("post__unit", flat=True):
        roles.setdefault(unit, Involved.Role.INSPECTS)
    if not core.is_hidden_from_operator(Kind(inspection.kind), Stage(inspection.stage)):
        roles.setdefault(inspection.area_id, Involved.Role.AREA)
        if inspection.site.operator_unit_id is not None:
            roles.setdefault(inspection.site.operator_unit_id, Involved.Role.OPERATOR)
    Involved.objects.bulk_create(
        [Involved(inspection=inspection, unit_id=unit, role=role) for unit, role in roles.items()],
        ignore_conflicts=True,
    )


def _detail(given: Arrangement) -> dict[str, object]:
    return {
        "site": given.site.pk,
        "kind": given.kind.value,
        "unit": given.unit.name,
        "posts": [post.title for post in given.posts],
    }


def _version_detail(version: Version) -> dict[str, object]:
    return {"checklist": version.checklist_id, "version": version.number}
