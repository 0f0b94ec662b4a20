"""Which checklists an officer sees, keeps, and may inspect with."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from bihuan.checklists.acts import ChecklistAct
from bihuan.checklists.models import Checklist, Version
from bihuan.core.powers import Power
from bihuan.journal import queries as journal
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import in_reach, units_in_reach
from bihuan.web.subjects import unseen

KEEPER = Power.COORDINATE


def kept_by(user: User, now: datetime) -> QuerySet[Checklist, Checklist]:
    """Return the lists of units that the officer coordinates."""
    return Checklist.objects.filter(in_reach(user, [KEEPER], now)).select_related("unit")


def may_keep(user: User, checklist: Checklist, now: datetime) -> bool:
    """Whether the officer may change this list."""
    return access.has(user, KEEPER, unit=checklist.unit, now=now)


def keeps_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, [KEEPER], localdate(now)))


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may make a list."""
    return units_in_reach(user, [KEEPER], now)


def _from_above(user: User, now: datetime) -> Q:
    """Return the condition for lists of the officer's units and of those above them."""
    seats = access.seats(user, localdate(now))
    paths = {path for s in seats for path in (s.unit.path, *s.unit.paths_above())}
    return Q(unit__path__in=sorted(paths))


def visible_to(user: User, now: datetime) -> QuerySet[Checklist, Checklist]:
    """Return the lists that the officer keeps or oversees, and those offered that were ever in
    use.
    """
    published = Version.objects.exclude(state=Version.State.DRAFT).values("checklist")
    offered = _from_above(user, now) & Q(pk__in=published)
    mine = in_reach(user, [KEEPER, Power.SUPERVISE], now)
    return Checklist.objects.filter(mine | offered).select_related("unit")


def versions_seen(user: User, checklist: Checklist, now: datetime) -> QuerySet[Version, Version]:
    """Return the versions of a visible list, newest first; drafts only for those who keep it."""
    found = Version.objects.filter(checklist=checklist).order_by("-number")
    if may_keep(user, checklist, now):
        return found
    return found.exclude(state=Version.State.DRAFT)


def offered_to(user: User, now: datetime) -> QuerySet[Version, Version]:
    """Return the versions in use that the officer may inspect with: lists of their own units and
    of those above. Filter the kinds of sites with `is_for`.
    """
    open_lists = Checklist.objects.filter(_from_above(user, now), retired_at=None)
    found = Version.objects.filter(checklist__in=open_lists, state=Version.State.IN_USE)
    return found.select_related("checklist__unit").order_by("checklist__title", "pk")


def is_for(checklist: Checklist, kind: str) -> bool:
    """Whether the list is meant for sites of this kind."""
    return not checklist.site_kinds or kind in checklist.site_kinds


def in_use(checklist: Checklist) -> Version | None:
    return Version.objects.filter(checklist=checklist, state=Version.State.IN_USE).first()


def draft_of(checklist: Checklist) -> Version | None:
    return Version.objects.filter(checklist=checklist, state=Version.State.DRAFT).first()


def own_units(user: User, now: datetime) -> set[int]:
    """Return the units in which the officer has a post that keeps their lists."""
    return {s.unit.pk for s in access.own_seats(user, localdate(now)) if KEEPER in s.powers}


def unfinished(units: Collection[int]) -> QuerySet[Version, Version]:
    """Return the drafts of these units, the oldest first; not those of the units below, which have
    coordinators of their own.
    """
    found = Version.objects.filter(
        state=Version.State.DRAFT, checklist__unit__in=units, checklist__retired_at=None
    )
    return found.select_related("checklist__unit").order_by("changed_at", "pk")


@dataclass(frozen=True)
class About:
    """Which version of a list is in use, and whether it has a draft."""

    number: int | None = None
    put_to_use_at: datetime | None = None
    has_draft: bool = False


def listed(user: User, state: str, words: str, now: datetime) -> QuerySet[Checklist, Checklist]:
    """Return the visible lists that are retired, or are not; or those kept that have a draft."""
    if state == "draft":
        drafts = Version.objects.filter(state=Version.State.DRAFT).values("checklist")
        found = kept_by(user, now).filter(pk__in=drafts, retired_at=None)
    else:
        found = visible_to(user, now).filter(retired_at__isnull=state != "retired")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(title_en__icontains=words))
    return found


def about(rows: Iterable[Checklist]) -> dict[int, About]:
    """Return what the register says of each list, in one query."""
    found = {row.pk: About() for row in rows}
    kept = Version.objects.filter(checklist__in=found).exclude(state=Version.State.REPLACED)
    for key, number, state, at in kept.values_list("checklist", "number", "state", "put_to_use_at"):
        if state == Version.State.DRAFT:
            found[key] = replace(found[key], has_draft=True)
        else:
            found[key] = replace(found[key], number=number, put_to_use_at=at)
    return found


@dataclass(frozen=True)
class Touched:
    """One change of a draft: by whom, when, by which button or form, and of which item."""

    by: str
    at: datetime
    what: str
    key: str


def changes_since(version: Version, revision: int) -> list[Touched]:
    """Return what was changed in the draft after this revision, newest first."""
    found = []
    for entry in journal.page(version.checklist.subject):
        if entry.act != ChecklistAct.CHANGE_DRAFT:
            continue
        detail = json.loads(entry.detail)
        if detail["number"] == version.number and detail["revision"] > revision:
            what, _colon, key = detail["what"].partition(":")
            found.append(Touched(str(entry.actor or ""), entry.at, what, key))
    return found


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return those of these lists that the officer must not know of."""
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)
