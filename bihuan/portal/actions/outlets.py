"""Published contact details of an office: its address, its number, its hours."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.portal.acts import PortalAct
from bihuan.portal.models import Outlet


@dataclass(frozen=True)
class Particulars:
    """The published details of an outlet."""

    name: str
    name_en: str = ""
    place: str = ""
    number: str = ""
    hours: str = ""
    note: str = ""
    order: int = 0
    is_shown: bool = True


@transaction.atomic
def add(*, unit: Unit, told: Particulars, actor: User, now: datetime) -> Outlet:
    """Publish another outlet of the unit."""
    access.require(actor, Power.COORDINATE, unit=unit, now=now)
    _require_name(told)
    outlet = Outlet.objects.create(unit=unit, **asdict(told))
    record(_subject(outlet), PortalAct.ADD_OUTLET, by=actor, at=now, after=asdict(told))
    return outlet


@transaction.atomic
def change(*, outlet: Outlet, told: Particulars, actor: User, now: datetime) -> Outlet:
    """Change the details of an outlet, or hide it."""
    outlet = Outlet.objects.select_for_update().get(pk=outlet.pk)
    access.require(actor, Power.COORDINATE, unit=outlet.unit, now=now)
    _require_name(told)
    after = {name: value for name, value in asdict(told).items() if getattr(outlet, name) != value}
    if not after:
        return outlet
    before = {name: getattr(outlet, name) for name in after}
    for name, value in after.items():
        setattr(outlet, name, value)
    outlet.save(update_fields=list(after))
    detail = {name: [before[name], after[name]] for name in after}
    record(
        _subject(outlet),
        PortalAct.CHANGE_OUTLET,
        by=actor,
        at=now,
        before=before,
        after=after,
        detail=detail,
    )
    return outlet


def _require_name(told: Particulars) -> None:
    if not legible.has_words(told.name):
        raise Missing("name")


def _subject(outlet: Outlet) -> str:
    return f"outlet/{outlet.pk}"
