"""The sites of a unit that is closed go to its successor."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from bihuan.journal.actions import Change, record_many
from bihuan.orgs.holdings import Holding, PassingOn, nothing
from bihuan.orgs.models import Unit
from bihuan.sites.actions import watching
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteQuerySet, SiteRegulator


def _of_unit(unit: Unit, on: date) -> int:
    return _held(unit).count()


@transaction.atomic
def _pass_on(passing: PassingOn) -> int:
    """Move its sites to the successor, which also regulates and operates what it did."""
    unit, successor = passing.unit, passing.successor
    sites = list(_held(unit).select_for_update(of=("self",)).order_by("pk"))
    keys = [site.pk for site in sites]
    for site in sites:
        if site.unit_id == unit.pk:
            watching.follow(site, successor)
    Site.objects.filter(pk__in=keys, unit=unit).update(unit=successor)
    Site.objects.filter(pk__in=keys, operator_unit=unit).update(operator_unit=successor)
    SiteRegulator.objects.filter(site__in=keys, unit=unit).update(unit=successor)
    detail = {"unit": successor.name}
    changes = [Change(site.subject, note=passing.reason, detail=detail) for site in sites]
    if changes:
        record_many(SiteAct.MOVE, changes, by=passing.actor, at=passing.now)
    return len(sites)


def _held(unit: Unit) -> SiteQuerySet:
    regulated = SiteRegulator.objects.filter(unit=unit).values("site")
    return Site.objects.filter(Q(unit=unit) | Q(operator_unit=unit) | Q(pk__in=regulated))


def _words(count: int) -> str:
    return ngettext("%(n)d site", "%(n)d sites", count) % {"n": count}


HOLDING = Holding(_words, _of_unit, nothing, _pass_on, nothing)
