"""Register a site, change it, close and reopen it, and move it to another unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases.models.words import one_text
from bihuan.core import legible, wordlike
from bihuan.core.places import Point
from bihuan.core.refusal import Missing, Stale
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import UnitClosed
from bihuan.sites import codes, values
from bihuan.sites.actions import watching
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteWords
from bihuan.sites.queries import KEEPER
from bihuan.sites.refusals import NotClosed, SiteClosed


@dataclass(frozen=True)
class SiteFacts:
    """What is stated about a site, in addition to its unit and kind."""

    name: str
    address: str = ""
    operator_unit: Unit | None = None
    operator_name: str = ""
    point: Point | None = None
    boundary: Mapping[str, object] | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def register(
    *,
    unit: Unit,
    kind: str,
    facts: SiteFacts,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Site:
    """Register a site for a unit whose register the officer keeps; a form sent twice does it
    once.
    """
    access.require(actor, KEEPER, unit=unit, now=now)
    if form_key and (made := Site.objects.filter(form_key=form_key).first()):
        return made
    return enter(unit=unit, kind=kind, facts=facts, actor=actor, now=now, form_key=form_key)


@transaction.atomic
def enter(
    *,
    unit: Unit,
    kind: str,
    facts: SiteFacts,
    actor: User | None,
    now: datetime,
    form_key: UUID | None = None,
) -> Site:
    """Enter a site in the register, for whom the caller has checked."""
    site = stated_site(unit=unit, kind=kind, facts=facts, now=now)
    site.form_key = form_key
    site.save(force_insert=True)
    SiteWords.objects.create(site=site, words=words_of(site))
    record(site.subject, SiteAct.REGISTER, by=actor, at=now, after=stated(site))
    return site


def stated_site(*, unit: Unit, kind: str, facts: SiteFacts, now: datetime) -> Site:
    """Return a new site with these facts, which is not saved yet."""
    if unit.end_date is not None:
        raise UnitClosed(unit.name)
    site = Site(code=codes.new(), kind=values.known_kind(kind).key, unit=unit, registered_at=now)
    _state(site, facts)
    return site


@transaction.atomic
def change(
    *, site: Site, version: int, facts: SiteFacts, actor: User, now: datetime, kind: str = ""
) -> Site:
    """Change what is stated about a site, unless it was changed since the officer read it."""
    here = held(site, actor, now)
    if here.version != version:
        raise Stale
    before = stated(here)
    here.kind = values.known_kind(kind or here.kind).key
    _state(here, facts)
    return _saved(here, SiteAct.CHANGE, before, actor, now)


@transaction.atomic
def amend(
    *, site: Site, kind: str, facts: SiteFacts, note: str, actor: User | None, now: datetime
) -> Site:
    """Change what a ledger states about a site, for whom the caller has checked."""
    here = locked(site)
    before = stated(here)
    here.kind = values.known_kind(kind).key
    _state(here, facts)
    return _saved(here, SiteAct.CHANGE, before, actor, now, note=note)


@transaction.atomic
def move(*, site: Site, unit: Unit, reason: str, actor: User, now: datetime) -> Site:
    """Move a site to another unit in charge, by an officer who keeps the register of both."""
    here = held(site, actor, now)
    access.require(actor, KEEPER, unit=unit, now=now)
    if unit.end_date is not None:
        raise UnitClosed(unit.name)
    before, here.unit = stated(here), unit
    watching.follow(here, unit)
    return _saved(here, SiteAct.MOVE, before, actor, now, note=required(reason))


@transaction.atomic
def close(*, site: Site, reason: str, actor: User, now: datetime) -> Site:
    """Close a site that is no longer in use; its history stays."""
    here = held(site, actor, now)
    before, here.closed_at = stated(here), now
    watching.rest(here, now)
    return _saved(here, SiteAct.CLOSE, before, actor, now, note=required(reason))


@transaction.atomic
def reopen(*, site: Site, reason: str, actor: User, now: datetime) -> Site:
    here = held(site, actor, now, closed=True)
    if here.closed_at is None:
        raise NotClosed
    before, here.closed_at = stated(here), None
    watching.watch_all(here, now)
    return _saved(here, SiteAct.REOPEN, before, actor, now, note=required(reason))


def held(site: Site, actor: User, now: datetime, *, closed: bool = False) -> Site:
    """Lock the site for a change by an officer who keeps the register of its unit."""
    here = locked(site)
    access.require(actor, KEEPER, unit=here.unit, now=now)
    if here.closed_at is not None and not closed:
        raise SiteClosed
    return here


def locked(site: Site) -> Site:
    """Lock the site."""
    rows = Site.objects.select_for_update(of=("self",)).select_related("unit", "operator_unit")
    return rows.get(pk=site.pk)


def required(reason: str) -> str:
    """Return the reason; refuse one without words."""
    found = legible.words(reason)
    if not found:
        raise Missing("reason")
    return found


def stated(site: Site) -> dict[str, object]:
    """Return what is stated about a site, for the journal."""
    return {
        "name": site.name,
        "kind": site.kind,
        "unit": site.unit.code,
        "operator": site.operator_unit.code if site.operator_unit else site.operator_name,
        "address": site.address,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "boundary": site.boundary,
        "attributes": site.attributes,
        "closed_at": site.closed_at.isoformat() if site.closed_at else None,
    }


def _state(site: Site, facts: SiteFacts) -> None:
    site.name = legible.words(facts.name)
    if not site.name:
        raise Missing("name")
    site.address = legible.clean(facts.address)
    site.operator_unit = facts.operator_unit
    site.operator_name = "" if facts.operator_unit else legible.clean(facts.operator_name)
    site.point = facts.point
    site.boundary = dict(facts.boundary) if facts.boundary else None
    site.attributes = values.checked(site.site_kind, facts.attributes)


def _saved(
    site: Site,
    act: SiteAct,
    before: dict[str, object],
    actor: User | None,
    now: datetime,
    note: str = "",
) -> Site:
    site.version += 1
    site.save()
    _index(site)
    after = stated(site)
    changed = sorted(name for name in after if after[name] != before[name])
    record(
        site.subject,
        act,
        by=actor,
        at=now,
        note=note,
        before=before,
        after=after,
        detail={"fields": changed} if act is SiteAct.CHANGE else {"unit": site.unit.name},
    )
    return site


def _index(site: Site) -> None:
    """Keep the words by which it is found."""
    SiteWords.objects.update_or_create(site=site, defaults={"words": words_of(site)})


def words_of(site: Site) -> str:
    operator = site.operator_unit.name if site.operator_unit else site.operator_name
    return one_text(wordlike.pairs(" ".join([site.code, site.name, site.address, operator])))
