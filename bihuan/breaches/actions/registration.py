"""Record a breach in the register, and correct its details by later versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.breaches import queries
from bihuan.breaches.actions import notification
from bihuan.breaches.actions.statements import held, refresh
from bihuan.breaches.models import Breach, Particulars
from bihuan.cases.models import Numbering
from bihuan.clocks.actions.running import zone
from bihuan.core import breach as core
from bihuan.core.breach import BreachAct, Data, Grade
from bihuan.core.masking import masked
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User

SERIES = "XL"


@dataclass(frozen=True)
class BreachFacts:
    """What is known of a breach, without names of persons."""

    found_at: datetime
    how_found: str
    happened: str
    kinds: tuple[Data, ...]
    people: int | None = None
    cause: str = ""
    harm: str = ""
    advice: str = ""
    contact: str = ""
    cases: tuple[str, ...] = ()

    def columns(self) -> dict[str, object]:
        """Return the columns to store: identity numbers, mobile numbers and announced names are
        masked.

        The contact is that of the office, and is stored as given.
        """
        details = {**asdict(self), "kinds": [*self.kinds], "cases": [*self.cases]}
        words = ("how_found", "happened", "cause", "harm", "advice")
        return {**details, **{name: masked(str(details[name])).text for name in words}}


@transaction.atomic
def record_breach(
    *,
    unit: Unit,
    found: BreachFacts,
    grade: Grade,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Breach:
    """Record a breach in the register; the clock of its report runs from the time of discovery."""
    access.require(actor, queries.KEEPER, unit=unit, now=now)
    core.require_time(found.found_at, found_at=found.found_at, now=now)
    series = _held_series(found.found_at)
    if made := _made_by(form_key):
        return made
    breach = Breach.objects.create(
        number=_next_number(series),
        unit=unit,
        found_at=found.found_at,
        recorded_at=now,
        recorded_by=actor,
        grade=grade,
    )
    columns = found.columns()
    Particulars.objects.create(
        breach=breach, made_by=actor, made_at=now, form_key=form_key, **columns
    )
    refresh(breach, now)
    _record(breach, BreachAct.RECORD, columns, actor, now)
    notification.tell_keepers(breach, "recorded", "recorded", now, but=actor)
    notification.tell_auditors(breach, "recorded", "recorded", now)
    return breach


@transaction.atomic
def correct(
    *,
    breach: Breach,
    found: BreachFacts,
    reason: str,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Breach:
    """Record corrected details; earlier versions are kept.

    An earlier time of discovery moves the clock; a later one never does.
    """
    here = held(breach, BreachAct.CORRECT, actor, now)
    if _made_by(form_key):
        return here
    queries.known(here).require(BreachAct.CORRECT)
    if found.found_at > here.found_at:
        raise core.FoundLater
    details = {**found.columns(), "reason": masked(reason).text}
    Particulars.objects.create(
        breach=here, made_by=actor, made_at=now, form_key=form_key, **details
    )
    here.found_at = found.found_at
    refresh(here, now)
    _record(here, BreachAct.CORRECT, details, actor, now)
    return here


def _record(
    breach: Breach, act: BreachAct, values: Mapping[str, object], actor: User, now: datetime
) -> None:
    after = {name: str(value) for name, value in values.items()}
    detail = {"grade": breach.grade, "found_at": breach.found_at.isoformat()}
    note = str(values.get("reason", ""))
    record(breach.subject, act, by=actor, at=now, note=note, after=after, detail=detail)


def _made_by(form_key: UUID | None) -> Breach | None:
    """Return the breach that this form has already created or changed."""
    if form_key is None:
        return None
    particulars = (
        Particulars.objects.filter(form_key=form_key).select_related("breach__unit").first()
    )
    return particulars.breach if particulars else None


def _held_series(found_at: datetime) -> Numbering:
    """Lock the series: numbers of a year have no gaps, so it stays locked until the transaction
    ends.
    """
    series = f"{SERIES}-{found_at.astimezone(zone()).year}"
    Numbering.objects.get_or_create(series=series)
    return Numbering.objects.select_for_update().get(series=series)


def _next_number(series: Numbering) -> str:
    series.last += 1
    series.save(update_fields=["last"])
    return f"{series.series}-{series.last:04d}"
