"""Keep the equipment of a site: how many there are, against the norm, and the next check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from bihuan.core import legible
from bihuan.core.refusal import Missing, Stale
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.sites.actions.papers import open_to
from bihuan.sites.actions.registering import required
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteEquipment
from bihuan.sites.refusals import EquipmentAlready, EquipmentRemoved, UnknownKind


@dataclass(frozen=True)
class EquipmentFacts:
    name: str
    count: int
    norm: int | None = None
    state: str = SiteEquipment.State.GOOD
    last_used_date: date | None = None
    next_check_date: date | None = None


@transaction.atomic
def add(*, site: Site, facts: EquipmentFacts, actor: User | None, now: datetime) -> SiteEquipment:
    """Add equipment of one type to a site, which has it once."""
    here = site if actor is None else open_to(site, actor, now)
    row = SiteEquipment(site=here)
    _state(row, facts)
    with _once():
        row.save(force_insert=True)
    _record(row, SiteAct.ADD_EQUIPMENT, actor, now, after=_stated(row))
    return row


@transaction.atomic
def change(
    *, equipment: SiteEquipment, version: int, facts: EquipmentFacts, actor: User, now: datetime
) -> SiteEquipment:
    """Change what is stated about equipment, unless it was changed since it was read."""
    row = _held(equipment, actor, now)
    if row.version != version:
        raise Stale
    before = _stated(row)
    _state(row, facts)
    row.version += 1
    with _once():
        row.save()
    _record(row, SiteAct.CHANGE_EQUIPMENT, actor, now, before=before, after=_stated(row))
    return row


@transaction.atomic
def remove(*, equipment: SiteEquipment, reason: str, actor: User, now: datetime) -> SiteEquipment:
    """Remove equipment from the register; it stays on record."""
    row = _held(equipment, actor, now)
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    _record(row, SiteAct.REMOVE_EQUIPMENT, actor, now, note=required(reason), before=_stated(row))
    return row


def _held(equipment: SiteEquipment, actor: User, now: datetime) -> SiteEquipment:
    site = open_to(equipment.site, actor, now)
    row = SiteEquipment.objects.select_for_update().get(pk=equipment.pk)
    if row.removed_at is not None:
        raise EquipmentRemoved
    row.site = site
    return row


@contextmanager
def _once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise EquipmentAlready from clash


def _state(row: SiteEquipment, facts: EquipmentFacts) -> None:
    row.name = legible.words(facts.name)
    if not row.name:
        raise Missing("name")
    if facts.state not in SiteEquipment.State.values:
        raise UnknownKind
    row.count, row.norm, row.state = facts.count, facts.norm, facts.state
    row.last_used_date, row.next_check_date = facts.last_used_date, facts.next_check_date


def _stated(row: SiteEquipment) -> dict[str, object]:
    return {
        "name": row.name,
        "count": row.count,
        "norm": row.norm,
        "state": row.state,
        "last_used_date": _day(row.last_used_date),
        "next_check_date": _day(row.next_check_date),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(
    row: SiteEquipment,
    act: SiteAct,
    actor: User | None,
    now: datetime,
    *,
    note: str = "",
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    detail = {"equipment": row.name, "count": row.count}
    record(
        row.site.subject,
        act,
        by=actor,
        at=now,
        note=note,
        before=before,
        after=after,
        detail=detail,
    )
