"""Cases that officers enter, for every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.actions import clocks, loop, telling
from bihuan.cases.actions.loop import NewCase
from bihuan.cases.models import Case
from bihuan.core import legible, lifecycle
from bihuan.core.lifecycle import Lifecycle, Transition
from bihuan.core.masking import masked
from bihuan.core.places import Point
from bihuan.core.refusal import Missing
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Unit, User


class Noted(Protocol):
    """What was noticed: the subject, the place, and the unit."""

    @property
    def title(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def description(self) -> str: ...
    @property
    def category(self) -> str: ...


def once(form_key: UUID | None, actor: User, make: Callable[[], Case]) -> Case:
    """Create a case; the same form sent twice returns the case that it created the first time."""
    try:
        return make()
    except IntegrityError:
        made = Case.objects.filter(form_key=form_key, reported_by=actor).first()
        if form_key is None or made is None:
            raise
        return made


def require_may_enter(
    life: Lifecycle, move: str, noted: Noted, actor: User, now: datetime
) -> dict[str, str]:
    """Return what the journal says of the unit for which it is entered, and of the holder whom
    the officer represents; raise a refusal if it is not allowed.
    """
    if not legible.has_words(noted.title) or not legible.has_words(noted.place):
        raise Missing("title", "place")
    seat = lifecycle.require_birth(life, noted.unit.path, queries.person(actor, now), move)
    require_open(noted.unit)
    unit = Unit.objects.values_list("name", flat=True).get(path=seat.path)
    holder = access.stood_in_for(actor, seat.stands_in_for, localdate(now))
    return {"unit": unit, **loop.said_for(holder)}


def new_case(
    life: Lifecycle,
    move: str,
    noted: Noted,
    *,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
    point: Point | None = None,
    parent: Case | None = None,
) -> Case:
    """Create the case alone; its kind adds its own part, indexes the words and journals it."""
    case = loop.unsaved_case(
        NewCase(
            kind=life.kind,
            number=loop.next_number(life.kind, now),
            stage=life.transition(move).target or "",
            title=masked(legible.clean(noted.title)).text,
            description=masked(legible.clean(noted.description)).text,
            category=noted.category,
            place=masked(legible.clean(noted.place)).text,
            point=point,
            owner=noted.unit,
            origin=noted.unit,
            reported_by=actor,
            channel=Case.Channel.DESK,
            reported_at=now,
            parent=parent,
        )
    )
    case.form_key = form_key
    case.save(force_insert=True)
    return case


def start(
    case: Case,
    row: Transition,
    *,
    actor: User,
    now: datetime,
    entered: Mapping[str, str],
    note: str = "",
    **detail: Any,
) -> Case:
    """Start its clocks, journal the new case, and tell those who take the next step."""
    clocks.run(case, row, now)
    case.save(update_fields=["due_at", "is_due_provisional"])
    record(
        case.subject,
        row.move,
        by=actor,
        at=now,
        note=note,
        after={"title": case.title, "place": case.place, "owner": case.owner_id},
        detail={"to": case.stage, **entered, **detail},
    )
    if row.then:
        telling.tell_next(
            case, row.move, row.then, actor=actor, unit=entered.get("unit", ""), now=now
        )
    return case
