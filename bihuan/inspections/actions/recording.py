"""Take in records of inspections on paper: they have ended, and stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate

from bihuan.core.inspection import Act, InTheFuture, Kind, NotTheOperator
from bihuan.core.refusal import NotAllowed
from bihuan.inspections.actions.course import involve
from bihuan.inspections.models import Inspection
from bihuan.inspections.queries import sites_for
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User
from bihuan.sites.models import Site


@dataclass(frozen=True)
class PaperRecord:
    """What an office's register says of one inspection: no inspector's name, and no answers."""

    site: Site
    unit: Unit
    on: date
    title: str
    kind: Kind
    failed_count: int
    result: str

    @property
    def key(self) -> UUID:
        """Return the same key for the same inspection, so that it is taken in once."""
        return key_of(self.site.code, self.unit.pk, self.on, self.title)


def key_of(site_code: str, unit: int, on: date, title: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"inspection/{site_code}/{unit}/{on.isoformat()}/{title}")


@transaction.atomic
def take_in(*, told: PaperRecord, source: str, actor: User | None, now: datetime) -> Inspection:
    """Take in the record of an inspection of a past day; without an actor, by a command."""
    if actor is not None and not sites_for(actor, now).filter(pk=told.site.pk).exists():
        raise NotAllowed
    if told.on > localdate(now):
        raise InTheFuture
    if told.kind is Kind.SELF_CHECK and told.site.operator_unit_id != told.unit.pk:
        raise NotTheOperator
    day = datetime.combine(told.on, time(), get_default_timezone())
    made = Inspection.objects.create(
        site=told.site,
        paper=told.title,
        unit=told.unit,
        area=told.site.unit,
        kind=told.kind.value,
        stage=Inspection.Stage.DONE,
        made_at=day,
        begun_at=day,
        done_at=day,
        failed_count=told.failed_count,
        result=told.result,
        key=told.key,
    )
    involve(made)
    detail = {"site": told.site.pk, "kind": told.kind.value, "unit": told.unit.name}
    record(made.subject, Act.TAKE_IN, by=actor, at=now, note=source, detail=detail)
    return made
