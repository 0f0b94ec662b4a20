"""Which cases need not be kept any more, which wait for the archive, and what holds them back.

A class is never stored: it is asked for each time, so that a changed list holds for every case at
once. The index by kind and end makes that cost what is found: it has every column that is asked
about, so that no case itself is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, ExtractYear
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases import queries as cases
from bihuan.cases.models import Case, CaseQuerySet, Disposed, Exclusion
from bihuan.core import retention
from bihuan.core.powers import Power
from bihuan.core.retention import Entry, Schedule
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.retention.models import Disposal, HandedOver, HandOver, Hold, Item

# Who proposes works on the cases; who confirms leads there; who holds may also only audit.
PROPOSES, CONFIRMS = Power.COORDINATE, Power.APPROVE
HOLDS = frozenset({Power.COORDINATE, Power.AUDIT})
WATCHERS = HOLDS | {CONFIRMS, Power.ADMINISTER}
LISTS = 50
# Of a package so many cases are counted one by one, each with who may see it.
COUNTED = 500


def schedule() -> Schedule:
    """The list in force here: the office's own, or that of its jurisdiction."""
    return retention.named(settings.PROCEDURE, settings.RETENTION)


def named(listed: Schedule) -> str:
    """Which list, and which version of it, as records keep it."""
    return f"{listed.id} {listed.version}"


def entry_of(case: Case, listed: Schedule) -> Entry:
    """The line of the list that this case falls under."""
    led = case.kind == Case.Kind.GRIEVANCE and _led().filter(pk=case.pk).exists()
    return listed.entry_for(case.kind, case.stage, case.grade, led=led)


def _led() -> CaseQuerySet:
    return Case.objects.filter(grievance__lead__isnull=False)


# ---------------------------------------------------------------------- classes
def of_entry(entry: Entry, listed: Schedule) -> Q:
    """So for ended cases that fall under this line, and not under one before it."""
    found = Q(kind=entry.kind, ended_at__isnull=False) & _said_by(entry)
    for earlier in listed.before(entry):
        found &= ~_said_by(earlier)
    return found


def _said_by(entry: Entry) -> Q:
    said = Q()
    if entry.stages:
        said &= Q(stage__in=sorted(entry.stages))
    if entry.grades:
        said &= Q(grade__in=sorted(entry.grades))
    if entry.led is not None:
        # A question of its own: "not" of a join would leave out what has no such row.
        led = Q(Exists(_led().filter(pk=OuterRef("pk"))))
        said &= led if entry.led else ~led
    return said


def start_of(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), get_default_timezone())


def ended_in(year: int) -> Q:
    return Q(ended_at__gte=start_of(year), ended_at__lt=start_of(year + 1))


def over(entry: Entry, now: datetime) -> Q:
    """So for cases whose term is over."""
    assert entry.term.years is not None
    return Q(ended_at__lt=start_of(localdate(now).year - entry.term.years))


def not_referred_to(case: str = "pk") -> Q:
    """So for cases that no part and no duplicate names."""
    here = OuterRef(case)
    others = Case.objects.filter(Q(parent=here) | Q(duplicate_of=here))
    return ~Q(Exists(others))


def not_held() -> Q:
    """So for cases that nobody holds back, themselves or with their unit."""
    on_case = Hold.objects.filter(case=OuterRef("pk"), lifted_at=None)
    free = ~Q(Exists(on_case))
    held = [hold.unit for hold in _holds_on_units() if hold.unit]
    if held:
        units = Unit.objects.within(*held).values("pk")
        free &= ~Q(owner__in=units) & ~Q(origin__in=units)
    return free


def held_by(row: Hold) -> CaseQuerySet:
    """The cases that this one keeps."""
    if row.unit is None:
        return Case.objects.filter(holds=row)
    units = Unit.objects.within(row.unit).values("pk")
    return Case.objects.filter(Q(owner__in=units) | Q(origin__in=units))


def is_held(case: Case) -> bool:
    return not Case.objects.filter(not_held(), pk=case.pk).exists()


def _holds_on_units() -> QuerySet[Hold]:
    return Hold.objects.filter(unit__isnull=False, lifted_at=None).select_related("unit")


def received() -> Q:
    """So for cases that the archive has received."""
    return Q(Exists(_given().filter(hand_over__received_at__isnull=False)))


def _given() -> QuerySet[HandedOver]:
    """What packages hold of a case; one that was reopened since has to be packed again."""
    return HandedOver.objects.filter(
        case=OuterRef("pk"), hand_over__made_at__gte=OuterRef("ended_at")
    )


def disposable(entry: Entry, listed: Schedule, now: datetime) -> Q:
    """So for cases of this line that may go now, no matter who asks."""
    if entry.term.years is None:
        return Q(pk=None)
    may = of_entry(entry, listed) & over(entry, now) & not_held()
    return may & received() if entry.term.hand_over_after else may


# -------------------------------------------------------------------------- due
@dataclass(frozen=True)
class Due:
    """How many cases of one unit, line and year need not be kept any more."""

    unit: Unit
    entry: Entry
    year: int
    count: int

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.unit.pk}/{self.entry.id}/{self.year}"


def reach(user: User, power: Power, now: datetime) -> list[Unit]:
    """The topmost units over which a settled post of the officer gives this power."""
    tops: list[Unit] = []
    found = [seat.unit for seat in access.settled_seats(user, now) if power in seat.powers]
    for unit in sorted(found, key=lambda unit: unit.depth):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tops


def seen(user: User, unit: Unit, now: datetime) -> CaseQuerySet:
    """The cases of this unit and below it that the officer may see."""
    found = cases.visible_to(user, now)
    if unit.parent_id is None:
        return found
    return found.filter(owner__in=Unit.objects.within(unit).values("pk"))


def due(user: User, units: Iterable[Unit], listed: Schedule, now: datetime) -> list[Due]:
    """What the officer may propose, oldest first: one question for each unit and line."""
    zone = get_default_timezone()
    found = []
    for unit in units:
        for entry in listed.entries:
            if entry.term.years is None:
                continue
            rows = (
                seen(user, unit, now)
                .filter(disposable(entry, listed, now), not_listed())
                .annotate(year=ExtractYear("ended_at", tzinfo=zone))
                .values("year")
                .annotate(count=Count("pk"))
            )
            found += [Due(unit, entry, row["year"], row["count"]) for row in rows]
    return sorted(found, key=lambda each: each.year)


def not_listed() -> Q:
    """So for cases that wait on no list."""
    waiting = Item.objects.filter(case=OuterRef("pk"), state=Item.State.WAITING)
    return ~Q(Exists(waiting))


# ------------------------------------------------------------------------ lists
def lists(user: User, now: datetime) -> list[Disposal]:
    """The newest lists of the units in which the officer proposes, confirms or audits."""
    found = Disposal.objects.filter(_of_lists(user, now))
    found = found.select_related("unit", "proposed_by", "confirmed_by")
    return list(found.order_by("-pk")[:LISTS])


def list_for(user: User, pk: int, now: datetime) -> Disposal | None:
    rows = Disposal.objects.select_related("unit", "proposed_by", "confirmed_by")
    return rows.filter(_of_lists(user, now), pk=pk).first()


def _of_lists(user: User, now: datetime) -> Q:
    """An auditor watches every list. Others see one of which they see a case, or that is their own:
    of what is shut to them they do not learn that it was there, and went."""
    mine = cases.visible_to(user, now).values("pk")
    seen_in = Item.objects.filter(disposal=OuterRef("pk"), case__in=mine)
    subject = Concat(Value("disposal/"), Cast(OuterRef("pk"), CharField()))
    open_gone = Disposed.objects.filter(under=subject, is_restricted=False)
    known = Q(proposed_by=user) | Q(confirmed_by=user) | Exists(seen_in) | Exists(open_gone)
    works = _within(user, {PROPOSES, CONFIRMS}, now) & known
    return works | _within(user, {Power.AUDIT}, now)


def _within(user: User, powers: Collection[Power], now: datetime) -> Q:
    """So for what belongs to a unit over which some post of the officer gives one of these."""
    seats = access.seats(user, localdate(now))
    tops = [seat.unit for seat in seats if seat.powers & frozenset(powers)]
    return Q(unit__in=Unit.objects.within(*tops).values("pk")) if tops else Q(pk=None)


def to_confirm(user: User, now: datetime) -> list[Disposal]:
    """What others proposed and waits for a second officer, of whom this one can be it."""
    if not any(CONFIRMS in seat.powers for seat in access.seats(user, localdate(now))):
        return []
    waiting = Disposal.objects.filter(confirmed_at=None, withdrawn_at=None)
    waiting = waiting.exclude(proposed_by=user)
    # Few days have such a list: who may see which is asked only then.
    if not waiting.exists():
        return []
    mine = waiting.filter(_of_lists(user, now), _within(user, {CONFIRMS}, now))
    return list(mine.select_related("unit", "proposed_by").order_by("pk"))


def confirmers(row: Disposal, now: datetime) -> list[User]:
    """Who is told of a list: the nearest unit in which somebody else confirms and sees a case."""
    for path in (row.unit.path, *reversed(row.unit.paths_above())):
        tenures = Tenure.objects.in_force(localdate(now)).in_units([path])
        rows = tenures.select_related("post", "member").order_by("member__pk")
        members = list({t.member: None for t in rows if CONFIRMS in t.post.powers})
        if found := [each for each in members if row in to_confirm(each, now)]:
            return found
    return []


def hidden_from(user: User, keys: Collection[str], now: datetime) -> frozenset[str]:
    """Those of these lists that the officer does not see (any more)."""
    asked = [key for key in keys if key.isdecimal()]
    seen = Disposal.objects.filter(_of_lists(user, now), pk__in=asked).values_list("pk", flat=True)
    return frozenset(keys) - {str(pk) for pk in seen}


def waiting_items(row: Disposal, user: User, now: datetime) -> QuerySet[Item]:
    """The cases on the list that the officer may see; of others not even the count is told."""
    mine = cases.visible_to(user, now).values("pk")
    return row.items.filter(case__in=mine).select_related("case__owner", "case__origin")


def gone(row: Disposal) -> QuerySet[Disposed]:
    """What went by the list, but for what was restricted."""
    return Disposed.objects.filter(under=row.subject, is_restricted=False).select_related("unit")


def restricted() -> Q:
    """So for cases that are confidential, or that somebody is shut out of."""
    return Q(is_confidential=True) | Q(Exists(Exclusion.objects.filter(case=OuterRef("pk"))))


# ------------------------------------------------------------------------ holds
def holds(user: User, now: datetime) -> list[Hold]:
    """The newest holds in force on units of the officer, and on cases that the officer may see."""
    return list(_holds_seen(user, now).order_by("-pk")[:LISTS])


def hold_for(user: User, pk: int, now: datetime) -> Hold | None:
    return _holds_seen(user, now).filter(pk=pk).first()


def _holds_seen(user: User, now: datetime) -> QuerySet[Hold]:
    seats = access.seats(user, localdate(now))
    tops = [seat.unit for seat in seats if seat.powers & HOLDS]
    if not tops:
        return Hold.objects.none()
    units = Unit.objects.within(*tops).values("pk")
    # Asked of the case of each hold: as a set to look into, all that the officer sees were read.
    seen_case = cases.visible_to(user, now).filter(owner__in=units, pk=OuterRef("case"))
    found = Hold.objects.filter(Q(unit__in=units) | Exists(seen_case), lifted_at=None)
    return found.select_related("unit__parent", "case__owner__parent", "set_by")


def held_among(found: Collection[Case], user: User, now: datetime) -> frozenset[int]:
    """Those of these cases, all of which the officer sees, of which the officer may know that they
    are held: the timeline of a case tells of its own hold, and that of a unit those who hold there.
    """
    known = Q(case__in=[case.pk for case in found]) | _within(user, HOLDS, now)
    rows = list(Hold.objects.filter(known, lifted_at=None).values_list("case", "unit__path"))
    cases_held = {case for case, _path in rows}
    paths = tuple(path for _case, path in rows if path)
    return frozenset(
        case.pk
        for case in found
        if case.pk in cases_held
        or case.owner.path.startswith(paths)
        or case.origin.path.startswith(paths)
    )


def is_known_held(case: Case, user: User, now: datetime) -> bool:
    return bool(held_among([case], user, now))


# -------------------------------------------------------------------- hand-over
def owed_to_archive(entry: Entry, listed: Schedule, year: int) -> Q:
    """So for cases of this line and year that no package holds yet."""
    return of_entry(entry, listed) & ended_in(year) & ~Q(Exists(_given()))


@dataclass(frozen=True)
class Package:
    """A package, and how many of its cases the officer sees: so many, or more than that."""

    row: HandOver
    cases: int
    is_more: bool = False


def hand_overs(user: User, now: datetime) -> list[Package]:
    """The newest packages, each with as many cases as the officer sees of it, and none of which
    the officer sees nothing: the package of what is shut to somebody tells that there is any.

    Who audits or keeps the house of the topmost unit sees every package.
    """
    house = {Power.AUDIT, Power.ADMINISTER}
    seats = access.seats(user, localdate(now))
    found = HandOver.objects.select_related("unit").order_by("-pk")
    if any(seat.powers & house and seat.unit.parent_id is None for seat in seats):
        return [Package(row, row.cases) for row in found[:LISTS]]
    mine = cases.visible_to(user, now)
    inside = HandedOver.objects.filter(hand_over=OuterRef("pk"), case__in=mine.values("pk"))
    return [_package(row, mine) for row in found.filter(Exists(inside))[:LISTS]]


def _package(row: HandOver, mine: CaseQuerySet) -> Package:
    count = mine.filter(handed_over__hand_over=row)[: COUNTED + 1].count()
    return Package(row, min(count, COUNTED), is_more=count > COUNTED)


def every_one_gone(row: Disposal) -> list[str]:
    """The numbers of all that went by the list, to clear away what else names them."""
    return list(Disposed.objects.filter(under=row.subject).values_list("number", flat=True))
