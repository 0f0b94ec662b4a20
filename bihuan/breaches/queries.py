"""Queries for data breaches: who may see them, their state, and whom to notify."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.cases.queries import seen_among
from bihuan.clocks.models import Clock
from bihuan.clocks.queries import latest_of
from bihuan.core.breach import Authority, Grade, Known
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import holders, in_reach, units_in_reach

# They keep the register, and auditors may read it; only this power over the unit counts.
KEEPER = Power.ADMINISTER
READERS = (KEEPER, Power.AUDIT)
# Who reviews what a single administrator submits: the first of these powers that another officer
# holds.
STAND_INS = (Power.AUDIT, Power.APPROVE)
LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})

Breaches = QuerySet[Breach, Breach]


# -------------------------------------------------------------------- who sees
def visible_to(user: User, now: datetime) -> Breaches:
    """Return every breach in reach of an officer who keeps or audits the register there; and
    those that a leader must review, or has reviewed, as a substitute.
    """
    of_readers = in_reach(user, READERS, now)
    if not access.tops(user, STAND_INS, localdate(now)):
        return Breach.objects.filter(of_readers)
    checked = Q(closed_by=user) | Q(pk__in=[each.pk for each in to_check(user, now)])
    return Breach.objects.filter(of_readers | checked)


def to_check(user: User, now: datetime) -> list[Breach]:
    """Return submitted breaches that this officer must review because there is no second
    administrator.
    """
    waiting = Breach.objects.filter(in_reach(user, STAND_INS, now), closed_at=None)
    rows = waiting.exclude(asked_by=None).select_related("unit").order_by("pk")
    return [each for each in rows if checks_as(user, each, now) in STAND_INS]


def kept_by(user: User, now: datetime) -> Breaches:
    """Return every breach about which the officer may make statements."""
    return Breach.objects.filter(in_reach(user, (KEEPER,), now))


def keeps_any(user: User, now: datetime) -> bool:
    """Whether the officer keeps the register anywhere."""
    return bool(access.tops(user, (KEEPER,), localdate(now)))


def reads_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, READERS, localdate(now)))


def may_state(user: User, breach: Breach, now: datetime) -> bool:
    return access.has(user, KEEPER, unit=breach.unit, now=now)


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may record a breach, topmost first."""
    return units_in_reach(user, (KEEPER,), now)


def hidden_from(user: User, numbers: Collection[str], now: datetime) -> frozenset[str]:
    """Return which of these breaches the officer may not see (any longer)."""
    seen = visible_to(user, now).filter(number__in=numbers).values_list("number", flat=True)
    return frozenset(numbers) - frozenset(seen)


def may_see(user: User, number: str, now: datetime) -> bool:
    """Whether the officer may see the breach with this number."""
    return not hidden_from(user, [number], now)


def may_attach(user: User, number: str, now: datetime) -> bool:
    """Whether the officer may attach files to the breach with this number."""
    return kept_by(user, now).filter(number=number).exists()


# ------------------------------------------------------------------- the register
def clocks_of(breaches: Iterable[Breach]) -> dict[int, Clock]:
    """Return the latest clock of each breach."""
    named = {each.subject: each.pk for each in breaches}
    return {named[subject]: clock for subject, clock in latest_of(named).items()}


# ------------------------------------------------------------------------- state
def particulars_of(breach: Breach) -> Particulars:
    """Return the current details: the latest version."""
    return Particulars.objects.filter(breach=breach).latest("pk")


def steps_of(breach: Breach) -> QuerySet[Step, Step]:
    """Return all its statements in order, with void ones marked."""
    rows = Step.objects.filter(breach=breach).select_related("made_by", "struck_by")
    return rows.order_by("pk")


def standing_steps(breach: Breach) -> QuerySet[Step, Step]:
    """Return the statements without void ones, and without those that void others."""
    return steps_of(breach).filter(struck_by=None, struck=None)


def known(breach: Breach) -> Known:
    """Return what is stated so far, as input for the core rules."""
    return _known(breach, standing_steps(breach))


def known_of(breaches: Iterable[Breach]) -> dict[int, Known]:
    """Return the same for several breaches, in one query."""
    given = {each.pk: each for each in breaches}
    stated: dict[int, list[Step]] = {pk: [] for pk in given}
    for step in Step.objects.filter(breach__in=given, struck_by=None, struck=None):
        stated[step.breach_id].append(step)
    return {pk: _known(breach, stated[pk]) for pk, breach in given.items()}


def _known(breach: Breach, steps: Iterable[Step]) -> Known:
    steps = list(steps)
    notified: dict[Authority, datetime] = {}
    for step in steps:
        if step.act == Step.Act.TELL:
            authority = Authority(step.authority)
            notified[authority] = min(step.at, notified.get(authority, step.at))
    acts = {step.act for step in steps}
    return Known(
        grade=Grade(breach.grade),
        is_contained=Step.Act.CONTAIN in acts,
        notified=notified,
        persons_decided=bool(acts & {Step.Act.TELL_PERSONS, Step.Act.SPARE_PERSONS}),
        is_handed_in=breach.asked_by_id is not None and not breach.is_closed,
        is_closed=breach.is_closed,
    )


def cases_of(particulars: Particulars, user: User, now: datetime) -> list[str]:
    """Return the cases concerned that the reader may see."""
    seen = seen_among(user, particulars.cases, now)
    return [number for number in particulars.cases if number in seen]


# ------------------------------------------------------------------ recipients
def keepers(unit: Unit, now: datetime) -> list[User]:
    """Return who keeps the register for this unit: in it, or in the nearest unit above with
    such an officer.
    """
    for path in (unit.path, *reversed(unit.paths_above())):
        found = holders([path], [KEEPER], now)
        if found:
            return found
    return []


# ---------------------------------------------------------------- who checks
def checkers(breach: Breach, now: datetime) -> list[User]:
    """Return who is notified that it waits for review, in the nearest unit with such an officer."""
    power = checked_by(breach, now)
    paths = (breach.unit.path, *reversed(breach.unit.paths_above()))
    found = (_others(breach, [path], power, now) for path in paths if power)
    return next(filter(None, found), [])


def checks_as(user: User, breach: Breach, now: datetime) -> Power | None:
    """Return the power by which the officer may review it, if any.

    Only administrators may, if there is another one than the officer who submitted it.
    """
    if may_state(user, breach, now):
        return KEEPER
    power = checked_by(breach, now)
    if power not in STAND_INS or user.pk == breach.asked_by_id:
        return None
    return power if access.has(user, power, unit=breach.unit, now=now) else None


def checked_by(breach: Breach, now: datetime) -> Power | None:
    """Return the power of those who can review the submission; None if there is no such officer."""
    paths = [breach.unit.path, *breach.unit.paths_above()]
    powers = (KEEPER, *STAND_INS)
    return next((each for each in powers if _others(breach, paths, each, now)), None)


def _others(
    breach: Breach, paths: Collection[str], power: Power | None, now: datetime
) -> list[User]:
    """Return who has that power in exactly these units, except the officer who submitted it."""
    members = holders(paths, [power], now) if power else []
    return [each for each in members if each.pk != breach.asked_by_id]
