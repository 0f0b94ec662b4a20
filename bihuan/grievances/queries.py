"""Queries for grievances: the record of the case, who may review, and the remedies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.timezone import localdate

from bihuan.cases import queries as cases
from bihuan.cases import stands
from bihuan.cases.models import Case, Exclusion, Participation, clocks_of
from bihuan.clocks.actions.running import calendar_of, local_date, zone
from bihuan.core import clocks, deadlines, eyes, procedure, routing, rules
from bihuan.core.deadlines import Due
from bihuan.core.grievance import ClockPurpose
from bihuan.core.once import PerObject
from bihuan.core.powers import Power
from bihuan.core.procedure import Pathway, Procedure
from bihuan.core.rules import Rule
from bihuan.grievances.models import Grievance, Handover, Opinion
from bihuan.orgs.models import Tenure, Unit
from bihuan.store.prepared import prepared

Round = Opinion.Round
# What a unit above examines: the window to request it, and the clock of the review itself.
REVIEWS = {Round.ANSWER: ClockPurpose.ASK_REVIEW, Round.REVIEW: ClockPurpose.ASK_REREVIEW}


# ------------------------------------------------------------------ the record
@cache
def working_rules() -> tuple[str, ...]:
    """Return every rule by which an answer or a review is due, in any procedure."""
    slots = (ClockPurpose.CONCLUDE, ClockPurpose.REVIEW, ClockPurpose.REREVIEW)
    named = (rule for each in procedure.every() for slot in slots for rule in each.every_rule(slot))
    return tuple(dict.fromkeys(named))


@prepared
def _annotated(case: int) -> QuerySet[Grievance, Grievance]:
    here = OuterRef("case")
    handover = Handover.objects.filter(case=here, ended_at=None)
    written = Opinion.objects.filter(case=here)
    issued = written.filter(issued_at__isnull=False)
    unknown = ExpressionWrapper(
        Q(served_at=None, letter__seen_at=None), output_field=BooleanField()
    )
    last = issued.order_by("-issued_at", "-pk").annotate(is_unserved=unknown)
    due = clocks_of("case__number").filter(stopped_at=None, rule_id__in=working_rules())
    around: dict[str, Exists | Subquery] = {
        "receiver": Subquery(handover.values("to_unit__path")[:1]),
        "has_objection": Exists(handover.filter(objected_at__isnull=False)),
        "has_opinions": Exists(written),
        "was_reviewed": Exists(issued.filter(round=Round.REVIEW)),
        "was_rereviewed": Exists(issued.filter(round=Round.REREVIEW)),
        "is_unserved": Subquery(last.values("is_unserved")[:1]),
        "drafter": Subquery(written.filter(issued_at=None).values("drafted_by")[:1]),
        "due_rule": Subquery(due.order_by("due_at").values("rule_id")[:1]),
    }
    records = Grievance.objects.filter(case=case).select_related("lead__unit", "category")
    return records.annotate(**around)


def receivers(cases: Collection[int]) -> dict[int, str]:
    """Return the units to which these complaints were transferred and that have not taken them
    over yet.
    """
    waiting = Handover.objects.filter(case__in=cases, ended_at=None)
    return dict(waiting.values_list("case", "to_unit__path"))


def record_of(case: Case) -> Grievance:
    """Return the grievance's own part with what the rules need of related rows, loaded once per
    case.
    """
    return _record_of(case)


def _loaded(case: Case) -> Grievance:
    found: Grievance | None = _annotated.one(case.pk)
    if found is None:
        raise Grievance.DoesNotExist
    return found


_record_of = PerObject("grievance", _loaded)


def forget_record(case: Case) -> None:
    """Clear the cache after an act changed related rows."""
    _record_of.forget(case)


def procedure_of(record: Grievance) -> Procedure:
    return procedure.named(record.procedure)


def way_of(record: Grievance) -> Pathway | None:
    """Return its pathway; None before it is classified."""
    return procedure_of(record).ways.get(record.way)


def reviews_done(record: Grievance) -> int:
    return int(record.was_reviewed) + int(record.was_rereviewed)


def is_reviewable(record: Grievance) -> bool:
    """Whether the procedure has a further review of the last answer (PET-10 to PET-14)."""
    way = way_of(record)
    if way is None or not way.reviewable:
        return False
    return procedure_of(record).reviews_left(reviews_done(record))


# ------------------------------------------------------------------- who may
def complained_of(case: Case, now: datetime) -> set[str]:
    """Return the paths of the units that are complained of, or in which such an officer works."""
    about = Exclusion.objects.filter(case=case).exclude(cause=Exclusion.Cause.INTEREST)
    paths = set(about.filter(member=None).values_list("unit__path", flat=True))
    members = about.filter(unit=None).values("member")
    held = Tenure.objects.in_force(localdate(now)).filter(member__in=members)
    return paths | set(held.values_list("post__unit__path", flat=True))


def nearest_taker(unit: Unit, now: datetime) -> Unit:
    """Return the unit itself, or the lowest above it with an officer who can take up a
    confidential case.
    """
    for path in (unit.path, *routing.above(unit.path)):
        if _holders(path, TAKERS, now):
            return Unit.objects.get(path=path)
    raise routing.NoUnitAbove


TAKERS = frozenset({Power.COORDINATE, Power.APPROVE})


def reviewer(case: Case, now: datetime) -> Unit | None:
    """Return the next unit up that took no part and is not excluded, with an officer to write a
    review and another to issue it, there or above.

    A unit in which one of those who answered held another post meanwhile is passed over as well;
    if it is a government, not the units below it.
    """
    took_part = list(Participation.objects.filter(case=case).values_list("member_id", "unit__path"))
    members = {member for member, _ in took_part}
    stood = stands.of(case, None)
    beside = {stand.path for stand in stood.beside}
    shut = {path for _, path in took_part} | complained_of(case, now)
    for path in routing.above(case.owner.path):
        if routing.is_shut_out(path, shut) or eyes.is_of(path, beside, stood.offices):
            continue
        writers = _free(case, path, {Power.HANDLE}, members, now)
        heads = {
            head
            for over in (path, *routing.above(path))
            for head in _free(case, over, {Power.APPROVE}, members, now)
        }
        if writers and heads and len(writers | heads) > 1:
            return Unit.objects.get(path=path)
    return None


def _free(
    case: Case, path: str, powers: Collection[Power], members: Collection[int], now: datetime
) -> set[int]:
    return {
        tenure.member_id
        for tenure in _holders(path, powers, now)
        if tenure.member_id not in members and not cases.shuts_out(case, tenure.member, now)
    }


def _holders(path: str, powers: Collection[Power], now: datetime) -> list[Tenure]:
    """Return the holders of posts with one of these powers in exactly this unit."""
    held = Tenure.objects.in_force(localdate(now)).in_units([path])
    return [t for t in held.select_related("post", "member") if set(powers) & set(t.post.powers)]


# ------------------------------------------------------------------- remedies
@dataclass(frozen=True)
class Remedy:
    """What the reporter may do against an answer; without a day it counts from its receipt."""

    rule: Rule
    until: Due | None
    is_review: bool = False

    @property
    def is_right(self) -> bool:
        return self.rule.is_public_right


def remedies(case: Case) -> list[Remedy]:
    """Return what is possible against the last written opinion, with the day by which to
    request it.
    """
    last = last_issued(case)
    return remedies_of(last) if last else []


def last_issued(case: Case) -> Opinion | None:
    """Return the current written opinion."""
    issued = Opinion.objects.filter(case=case, issued_at__isnull=False)
    return issued.order_by("issued_at", "pk").last()


def remedies_of(opinion: Opinion) -> list[Remedy]:
    """Return the next review of this opinion if there is one, and the other legal remedies."""
    record = record_of(opinion.case)
    ruled = procedure_of(record)
    slot = REVIEWS.get(Round(opinion.round))
    asked = ruled.rules(slot, way_of(record)) if slot else ()
    had_at = opinion.received_at
    on = local_date(opinion.issued_at or opinion.drafted_at)
    found = []
    for rule_id in (*asked, *ruled.remedies):
        rule = rules.rule(rule_id, on=on, jurisdiction=ruled.jurisdiction)
        found.append(Remedy(rule, _until(rule, had_at), is_review=rule_id in asked))
    return found


def _until(rule: Rule, had_at: datetime | None) -> Due | None:
    """Return the last day of a window that opens with the receipt of the letter; None for what
    others owe.
    """
    if had_at is None or rule.owed_by is not rules.Party.CITIZEN:
        return None
    clock, days = clocks.start(rule, had_at, zone=zone()), calendar_of(rule)
    due_at = deadlines.binding(clock, days)
    assert due_at is not None, "a window that just opened has an end"
    return Due(local_date(due_at), deadlines.is_provisional(clock, due_at, days))
