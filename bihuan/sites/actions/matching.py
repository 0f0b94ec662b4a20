"""Say in bulk which sites the places of imported cases are, or are not; and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.sites import likeness, queries
from bihuan.sites.actions import links
from bihuan.sites.actions.registering import locked
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import RefusedPlace, Site, SiteCase


@dataclass(frozen=True)
class PlaceChoice:
    """What was said of a place: it is one of these sites, or (`is_refused`) none of them."""

    place: str
    sites: Sequence[Site]
    is_refused: bool = False


@dataclass
class Matched:
    """How many cases were linked, and how many suggestions refused."""

    linked: int = 0
    refused: int = 0
    # Cases that were linked by another officer in the meantime.
    left: int = 0


@transaction.atomic
def match(*, choices: Sequence[PlaceChoice], actor: User, now: datetime) -> Matched:
    """Link the cases of each place to its site; the place stays in the case as it was typed."""
    done = Matched()
    for choice in choices:
        for site in choice.sites:
            if not queries.in_charge(actor, now).filter(pk=site.pk).exists():
                raise NotAllowed
            if choice.is_refused:
                done.refused += _refuse(site, choice.place, actor, now)
            else:
                _link(site, choice.place, actor, now, done)
    return done


def _link(site: Site, place: str, actor: User, now: datetime, done: Matched) -> None:
    cases = likeness.unlinked(actor, now).filter(place=place).order_by("pk")
    for case in cases[: likeness.OF_ONE_PLACE]:
        try:
            links.link(site=site, case=case, actor=actor, now=now)
        except Refusal:
            done.left += 1
        else:
            done.linked += 1


def _refuse(site: Site, place: str, actor: User, now: datetime) -> bool:
    """Return whether it was not refused before."""
    here = locked(site)
    row, is_new = RefusedPlace.objects.get_or_create(
        site=here, place=place, defaults={"refused_at": now}
    )
    if is_new:
        detail = {"place": row.place}
        record(here.subject, SiteAct.REFUSE_PLACE, by=actor, at=now, detail=detail)
    return is_new


@transaction.atomic
def take_back(
    *, sites: Sequence[int], at: datetime, reason: str, actor: User, now: datetime
) -> int:
    """Take off these sites again the cases that were linked at this instant, and offer again the
    places that were refused then; return how many of both were still there.
    """
    rows = SiteCase.objects.filter(site__in=sites, linked_at=at, ended_at=None)
    count = 0
    for row in rows.select_related("site", "case").order_by("pk"):
        links.unlink(site=row.site, case=row.case, reason=reason, actor=actor, now=now)
        count += 1
    for place in RefusedPlace.objects.filter(site__in=sites, refused_at=at).order_by("pk"):
        _offer(place, actor, now)
        count += 1
    return count


def _offer(place: RefusedPlace, actor: User, now: datetime) -> None:
    here = locked(place.site)
    if not queries.may_change(actor, here, now):
        raise NotAllowed
    detail = {"place": place.place}
    place.delete()
    record(here.subject, SiteAct.OFFER_PLACE, by=actor, at=now, detail=detail)
