"""Set the units that regulate a site, by trade."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bihuan.core.refusal import Stale
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import UnitClosed
from bihuan.sites import catalogue
from bihuan.sites.actions.registering import held, locked
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteRegulator
from bihuan.sites.refusals import UnknownKind


@transaction.atomic
def set_regulators(
    *, site: Site, version: int, regulators: Mapping[str, Unit], actor: User, now: datetime
) -> Site:
    """Set the regulator of each trade; a trade that is not named has none."""
    here = held(site, actor, now)
    if here.version != version:
        raise Stale
    return put(site=here, regulators=regulators, actor=actor, now=now)


@transaction.atomic
def put(*, site: Site, regulators: Mapping[str, Unit], actor: User | None, now: datetime) -> Site:
    """Put these regulators in the place of those before, for whom the caller has checked."""
    here = locked(site)
    require_known(regulators)
    before = _named(here)
    SiteRegulator.objects.filter(site=here).exclude(trade__in=regulators).delete()
    for trade, unit in regulators.items():
        SiteRegulator.objects.update_or_create(site=here, trade=trade, defaults={"unit": unit})
    here.version += 1
    here.save(update_fields=["version"])
    after = _named(here)
    if after != before:
        record(here.subject, SiteAct.SET_REGULATORS, by=actor, at=now, before=before, after=after)
    return here


def require_known(regulators: Mapping[str, Unit]) -> None:
    """Refuse a trade that there is not, and a unit that is closed."""
    for trade, unit in regulators.items():
        if trade not in catalogue.trades():
            raise UnknownKind
        if unit.end_date is not None:
            raise UnitClosed(unit.name)


def _named(site: Site) -> dict[str, object]:
    rows = SiteRegulator.objects.filter(site=site).values_list("trade", "unit__code")
    return dict(sorted(rows))
