"""Which cases need not be kept any longer, which wait for the archive, and which are on hold.

A class is never stored but determined by each query, so that a changed list applies to every case
at once. The covering index by kind and end makes the cost proportional to the result: it has every
column of the conditions, so that no case row is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, ExtractYear
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases import kinds
from bihuan.cases import queries as cases
from bihuan.cases.models import Case, CaseQuerySet, Disposed, Exclusion
from bihuan.core import retention
from bihuan.core.powers import Power
from bihuan.core.retention import NO, Entry, Schedule
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.retention.models import Disposal, HandedOver, HandOver, Hold, Item
from bihuan.web.subjects import unseen

# Who proposes works on the cases; who confirms is a leader there; an auditor may also place holds.
PROPOSES, CONFIRMS = Power.COORDINATE, Power.APPROVE
HOLDS = frozenset({Power.COORDINATE, Power.AUDIT})
WATCHERS = HOLDS | {CONFIRMS, Power.ADMINISTER}
LISTS = 50
# Maximum number of cases in a package that are counted one by one, by what each officer may see.
COUNTED = 500


def schedule() -> Schedule:
    """Return the retention list in force: the office's own, or that of its jurisdiction."""
    return retention.named(settings.PROCEDURE, settings.RETENTION)


def named(listed: Schedule) -> str:
    """Return the list and its version, as records store it."""
    return f"{listed.id} {listed.version}"


def entry_of(case: Case, listed: Schedule) -> Entry:
    """Return the entry of the list that applies to this case."""
    traits = kinds.of(case).filing.traits
    values = {name: trait.value(case) for name, trait in traits.items()}
    return listed.entry_for(case.kind, case.stage, values)


# ---------------------------------------------------------------------- classes
def of_entry(entry: Entry, listed: Schedule) -> Q:
    """Condition for ended cases with this entry, and not with an earlier one."""
    found = Q(kind=entry.kind, ended_at__isnull=False) & _said_by(entry)
    for earlier in listed.before(entry):
        found &= ~_said_by(earlier)
    return found


def _said_by(entry: Entry) -> Q:
    condition = Q()
    if entry.stages:
        condition &= Q(stage__in=sorted(entry.stages))
    traits = kinds.by_name(entry.kind).filing.traits
    for name, values in entry.traits.items():
        trait = traits.get(name)
        condition &= trait.among(values) if trait else Q() if NO in values else Q(pk=None)
    return condition


def start_of(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), get_default_timezone())


def ended_in(year: int) -> Q:
    return Q(ended_at__gte=start_of(year), ended_at__lt=start_of(year + 1))


def over(entry: Entry, now: datetime) -> Q:
    """Condition for cases whose term is over."""
    assert entry.term.years is not None
    return Q(ended_at__lt=start_of(localdate(now).year - entry.term.years))


def not_referred_to(case: str = "pk") -> Q:
    """Condition for cases that no sub-case and no duplicate refers to."""
    here = OuterRef(case)
    others = Case.objects.filter(Q(parent=here) | Q(duplicate_of=here))
    return ~Q(Exists(others))


def not_held() -> Q:
    """Condition for cases without a hold of their own or of their unit."""
    on_case = Hold.objects.filter(case=OuterRef("pk"), lifted_at=None)
    free = ~Q(Exists(on_case))
    held = [hold.unit for hold in _holds_on_units() if hold.unit]
    if held:
        units = Unit.objects.within(*held).values("pk")
        free &= ~Q(owner__in=units) & ~Q(origin__in=units)
    return free


def held_by(row: Hold) -> CaseQuerySet:
    """Return the cases that this one keeps from disposal."""
    if row.unit is None:
        return Case.objects.filter(holds=row)
    units = Unit.objects.within(row.unit).values("pk")
    return Case.objects.filter(Q(owner__in=units) | Q(origin__in=units))


def is_held(case: Case) -> bool:
    return not Case.objects.filter(not_held(), pk=case.pk).exists()


def _holds_on_units() -> QuerySet[Hold]:
    return Hold.objects.filter(unit__isnull=False, lifted_at=None).select_related("unit")


def received() -> Q:
    """Condition for cases that the archive has received."""
    return Q(Exists(_given().filter(hand_over__received_at__isnull=False)))


def _given() -> QuerySet[HandedOver]:
    """Return what packages hold of a case; one that was reopened since must be packed again."""
    return HandedOver.objects.filter(
        case=OuterRef("pk"), hand_over__made_at__gte=OuterRef("ended_at")
    )


def disposable(entry: Entry, listed: Schedule, now: datetime) -> Q:
    """Condition for cases of this entry that may be disposed of now, for any officer."""
    if entry.term.years is None:
        return Q(pk=None)
    may = of_entry(entry, listed) & over(entry, now) & not_held()
    return may & received() if entry.term.hand_over_after else may


# -------------------------------------------------------------------------- due
@dataclass(frozen=True)
class Due:
    """How many cases of one unit, class and year need not be kept any longer."""

    unit: Unit
    entry: Entry
    year: int
    count: int

    @property
    def key(self) -> str:
        """Its identifier in forms."""
        return f"{self.unit.pk}/{self.entry.id}/{self.year}"


def reach(user: User, power: Power, now: datetime) -> list[Unit]:
    """Return the topmost units over which a post in effect gives the officer this power."""
    tops: list[Unit] = []
    found = [seat.unit for seat in access.settled_seats(user, now) if power in seat.powers]
    for unit in sorted(found, key=lambda unit: unit.depth):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tops


def seen(user: User, unit: Unit, now: datetime) -> CaseQuerySet:
    """Return the cases of this unit and below that the officer may see."""
    found = cases.visible_to(user, now)
    if unit.parent_id is None:
        return found
    return found.filter(owner__in=Unit.objects.within(unit).values("pk"))


def due(user: User, units: Iterable[Unit], listed: Schedule, now: datetime) -> list[Due]:
    """Return what the officer may propose, oldest first; one query for each unit and class."""
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
    """Condition for cases that are on no pending list."""
    waiting = Item.objects.filter(case=OuterRef("pk"), state=Item.State.WAITING)
    return ~Q(Exists(waiting))


# ------------------------------------------------------------------------ lists
def lists(user: User, now: datetime) -> list[Disposal]:
    """Return the newest lists of the units in which the officer proposes, confirms or audits."""
    found = Disposal.objects.filter(_of_lists(user, now))
    found = found.select_related("unit", "proposed_by", "confirmed_by")
    return list(found.order_by("-pk")[:LISTS])


def list_for(user: User, pk: int, now: datetime) -> Disposal | None:
    rows = Disposal.objects.select_related("unit", "proposed_by", "confirmed_by")
    return rows.filter(_of_lists(user, now), pk=pk).first()


def _of_lists(user: User, now: datetime) -> Q:
    """Limit lists to those that the officer may see. An auditor sees every list. Others see
    lists with a case that they see, or that are their own: they must not learn that cases that
    are restricted to them existed and were disposed of.
    """
    mine = cases.visible_to(user, now).values("pk")
    seen_in = Item.objects.filter(disposal=OuterRef("pk"), case__in=mine)
    subject = Concat(Value("disposal/"), Cast(OuterRef("pk"), CharField()))
    open_gone = Disposed.objects.filter(under=subject, is_restricted=False)
    known = Q(proposed_by=user) | Q(confirmed_by=user) | Exists(seen_in) | Exists(open_gone)
    works = _within(user, {PROPOSES, CONFIRMS}, now) & known
    return works | _within(user, {Power.AUDIT}, now)


def _within(user: User, powers: Collection[Power], now: datetime) -> Q:
    """Condition for records of a unit over which some post of the officer gives one of these
    powers.
    """
    seats = access.own_seats(user, localdate(now))
    tops = [seat.unit for seat in seats if seat.powers & frozenset(powers)]
    return Q(unit__in=Unit.objects.within(*tops).values("pk")) if tops else Q(pk=None)


def to_confirm(user: User, now: datetime) -> list[Disposal]:
    """Return the lists that others proposed and this officer may confirm."""
    if not any(CONFIRMS in seat.powers for seat in access.own_seats(user, localdate(now))):
        return []
    waiting = Disposal.objects.filter(confirmed_at=None, withdrawn_at=None)
    waiting = waiting.exclude(proposed_by=user)
    # Few days have such a list, so access is checked only then.
    if not waiting.exists():
        return []
    mine = waiting.filter(_of_lists(user, now), _within(user, {CONFIRMS}, now))
    return list(mine.select_related("unit", "proposed_by").order_by("pk"))


def confirmers(row: Disposal, now: datetime) -> list[User]:
    """Return who is notified of a list: the nearest unit in which another officer confirms and
    sees a case.
    """
    for path in (row.unit.path, *reversed(row.unit.paths_above())):
        tenures = Tenure.objects.in_force(localdate(now)).in_units([path])
        rows = tenures.select_related("post", "member").order_by("member__pk")
        members = list({t.member: None for t in rows if CONFIRMS in t.post.powers})
        if found := [each for each in members if row in to_confirm(each, now)]:
            return found
    return []


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return which of these lists the officer may not see (any longer)."""
    return unseen(Disposal.objects.filter(_of_lists(user, now)), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    """Whether the officer may see the list with this key."""
    return not hidden_from(user, [key], now)


def waiting_items(row: Disposal, user: User, now: datetime) -> QuerySet[Item]:
    """Return the cases on the list that the officer may see; the number of others is not
    revealed.
    """
    mine = cases.visible_to(user, now).values("pk")
    return row.items.filter(case__in=mine).select_related("case__owner", "case__origin")


def gone(row: Disposal) -> QuerySet[Disposed]:
    """Return what was disposed of by the list, without restricted cases."""
    return Disposed.objects.filter(under=row.subject, is_restricted=False).select_related("unit")


def restricted() -> Q:
    """Condition for cases that are confidential, or have exclusions."""
    return Q(is_confidential=True) | Q(Exists(Exclusion.objects.filter(case=OuterRef("pk"))))


# ------------------------------------------------------------------------ holds
def holds(user: User, now: datetime) -> list[Hold]:
    """Return the newest active holds on units of the officer, and on cases that the officer may
    see.
    """
    return list(_holds_seen(user, now).order_by("-pk")[:LISTS])


def hold_for(user: User, pk: int, now: datetime) -> Hold | None:
    return _holds_seen(user, now).filter(pk=pk).first()


def _holds_seen(user: User, now: datetime) -> QuerySet[Hold]:
    seats = access.own_seats(user, localdate(now))
    tops = [seat.unit for seat in seats if seat.powers & HOLDS]
    if not tops:
        return Hold.objects.none()
    units = Unit.objects.within(*tops).values("pk")
    # Checked for the case of each hold: a set of all cases that the officer sees would be read in
    # full.
    seen_case = cases.visible_to(user, now).filter(owner__in=units, pk=OuterRef("case"))
    found = Hold.objects.filter(Q(unit__in=units) | Exists(seen_case), lifted_at=None)
    return found.select_related("unit__parent", "case__owner__parent", "set_by")


def held_among(found: Collection[Case], user: User, now: datetime) -> frozenset[int]:
    """Return which of these visible cases the officer may know to be on hold: the timeline of a
    case shows its own hold, and that of a unit is visible to those who may place holds there.
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
    """Condition for cases of this entry and year that no package holds yet."""
    return of_entry(entry, listed) & ended_in(year) & ~Q(Exists(_given()))


@dataclass(frozen=True)
class Package:
    """A package, and how many of its cases the officer sees: exactly, or as a lower limit."""

    row: HandOver
    cases: int
    is_more: bool = False


def hand_overs(user: User, now: datetime) -> list[Package]:
    """Return the newest packages, each with the number of cases that the officer sees, and without
    those of which the officer sees no case: a package of restricted cases would reveal that there
    are any.

    Auditors and administrators of the topmost unit see every package.
    """
    house = {Power.AUDIT, Power.ADMINISTER}
    seats = access.own_seats(user, localdate(now))
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
    """Return the numbers of all cases disposed of by the list, to delete what else refers to
    them.
    """
    return list(Disposed.objects.filter(under=row.subject).values_list("number", flat=True))
