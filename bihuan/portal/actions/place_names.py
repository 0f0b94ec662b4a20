"""The other names of towns and villages, and of places in them, by which people find them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.journal.actions import record
from bihuan.orgs import access, choices
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Unit, User
from bihuan.portal.acts import PortalAct
from bihuan.portal.models import PlaceName
from bihuan.portal.queries import places
from bihuan.portal.refusals import NameTaken


@transaction.atomic
def name_places(*, unit: Unit, names: Iterable[str], actor: User, now: datetime) -> list[str]:
    """Put these names in place of the unit's former ones; return them in order."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    access.require(actor, Power.COORDINATE, unit=unit, now=now)
    require_open(unit)
    given = sorted({name for each in names if (name := legible.clean(each).strip())})
    known = PlaceName.objects.filter(unit=unit)
    before = sorted(known.values_list("name", flat=True))
    if given == before:
        return given
    if found := places.taken(given, unit):
        raise NameTaken(found[0], choices.name_of(found[1]))
    known.exclude(name__in=given).delete()
    new = (PlaceName(unit=unit, name=name) for name in given if name not in before)
    PlaceName.objects.bulk_create(new)
    detail = {"unit": unit.name, "names": [before, given]}
    record(
        f"places/{unit.pk}",
        PortalAct.NAME_PLACES,
        by=actor,
        at=now,
        before={"names": before},
        after={"names": given},
        detail=detail,
    )
    return given
