"""Orders about a hazard: to rectify it, to stop work; their re-check; and the lifting."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import ORDER, HazardFact, Move
from bihuan.core.lifecycle import FactMissing
from bihuan.core.refusal import Missing
from bihuan.hazards.actions import papers
from bihuan.hazards.actions.dates import DeadlinePast
from bihuan.hazards.models import Order
from bihuan.orgs.models import User

# ENF-4.
BASIS = "《中华人民共和国安全生产法》第六十五条第一款第三项"


@transaction.atomic
def order_fix(
    *,
    case: Case,
    actor: User,
    now: datetime,
    until_date: date,
    note: str,
    basis: str,
    version: int | None = None,
) -> Case:
    """Order the hazard to be rectified by a day (责令限期整改, ENF-3); `note` says what."""
    act = loop.begin(
        case=case, move=Move.ORDER_FIX, actor=actor, now=now, note=note, version=version
    )
    if until_date < running.local_date(now):
        raise DeadlinePast
    made = _make(
        act, Order.Kind.RECTIFY, papers.RECTIFY, basis, act.case.place, act.note, until_date
    )
    act.detail.update(number=made.number, until=until_date.isoformat())
    return loop.finish(act, due_dates={ORDER: until_date})


@transaction.atomic
def stop_work(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    place: str = "",
    stopped: str = "",
    basis: str = BASIS,
    version: int | None = None,
) -> Case:
    """Order work to stop and people to leave while it is unsafe (HAZ-6, ENF-4)."""
    act = loop.begin(
        case=case, move=Move.STOP_WORK, actor=actor, now=now, note=note, version=version
    )
    made = _make(
        act, Order.Kind.STOP_WORK, papers.STOP_WORK, basis, place or act.case.place,
        stopped or act.note,
    )  # fmt: skip
    act.change(act.case.hazard, stopped_at=now)
    act.case.hazard.save(update_fields=["stopped_at"])
    act.detail["number"] = made.number
    return loop.finish(act)


@transaction.atomic
def check_order(
    *,
    case: Case,
    actor: User,
    now: datetime,
    complied: bool,
    note: str,
    order: Order | None = None,
    version: int | None = None,
) -> Case:
    """Re-check on site whether an order is complied with (整改复查, ENF-5)."""
    act = loop.begin(
        case=case, move=Move.CHECK_ORDER, actor=actor, now=now, note=note, version=version
    )
    waiting = open_orders(act.case)
    found = waiting.filter(pk=order.pk).first() if order else waiting.first()
    if found is None:
        raise FactMissing(HazardFact.ORDERED)
    act.change(found, checked_at=now, checked_by=actor, is_complied=complied, findings=act.note)
    found.save(update_fields=["checked_at", "checked_by", "is_complied", "findings"])
    act.detail.update(number=found.number, complied=complied)
    ends = complied and not open_orders(act.case).filter(kind=Order.Kind.RECTIFY).exists()
    return loop.finish(act, stops=(ORDER,) if ends else ())


@transaction.atomic
def resume_work(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Lift the stop-work order after its re-check, by another officer of the unit that made it or
    of one above (HAZ-6).
    """
    act = loop.begin(
        case=case, move=Move.RESUME_WORK, actor=actor, now=now, note=note, version=version
    )
    found = Order.objects.filter(
        case=act.case, kind=Order.Kind.STOP_WORK, lifted_at=None, is_complied=True
    ).first()
    if found is None:
        raise FactMissing(HazardFact.ORDER_CHECKED)
    act.change(found, lifted_at=now, lifted_by=actor, lifted_because=act.note)
    found.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    act.change(act.case.hazard, stopped_at=None)
    act.case.hazard.save(update_fields=["stopped_at"])
    act.detail["number"] = found.number
    return loop.finish(act)


def open_orders(case: Case) -> QuerySet[Order, Order]:
    """Return the orders whose last re-check, if any, did not find them complied with."""
    rows = Order.objects.filter(case=case, lifted_at=None)
    return rows.filter(Q(is_complied=None) | Q(is_complied=False)).order_by("-kind", "pk")


def _make(
    act: loop.OfficeAct, kind: Order.Kind, series: str, basis: str, place: str, what: str,
    until_date: date | None = None,
) -> Order:  # fmt: skip
    texts = {"basis": basis, "place": place, "what": what}
    missing = [name for name, text in texts.items() if not legible.has_words(text)]
    if missing:
        raise Missing(*missing)
    return Order.objects.create(
        case=act.case,
        kind=kind.value,
        number=papers.next_number(series, act.now),
        unit=act.unit,
        ordered_by=act.actor,
        ordered_at=act.now,
        until_date=until_date,
        **{name: legible.clean(text) for name, text in texts.items()},
    )
