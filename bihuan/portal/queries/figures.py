"""Figures for the pages, from the counters alone: their cost depends on the units that are
shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q

from bihuan.core import figures
from bihuan.core.figures import Line, Shown, Sums
from bihuan.figures import queries as counters
from bihuan.figures.models import Count
from bihuan.orgs.models import Unit
from bihuan.portal.models import FigureKind
from bihuan.portal.queries.counting import DAYS, NUMBERS, counter

# What is counted for each unit.
OF_UNITS = (FigureKind.GRIEVANCE, FigureKind.SUGGESTION, FigureKind.HAZARD)
Counted = dict[tuple[FigureKind, int | None], dict[str, int]]
OF_SUMS = ("settled", "in_time", "answered", "rated", "solved")


@dataclass(frozen=True)
class FigureRow:
    """One row of a table: the unit (None: all of them), the figures, the median of days."""

    unit: Unit | None
    line: Line
    days: float | None = None


@dataclass(frozen=True)
class Whole:
    """The outcomes of all cases of one kind in the whole place."""

    kind: FigureKind
    received: Shown
    row: FigureRow


@dataclass(frozen=True)
class FigureTable:
    """The rows of the units, in the order of the organisation, and the total."""

    lines: Sequence[tuple[Unit, Line]]
    total: Line


def years(this: int) -> list[int]:
    """Return the years for which there are figures, latest first."""
    names = [counter(kind, "received") for kind in FigureKind]
    kept = Count.objects.published().filter(counter__in=names)
    found = kept.aggregate(first=Min("period"), last=Max("period"))
    if found["first"] is None:
        return [this]
    return list(range(max(found["last"].year, this), found["first"].year - 1, -1))


def whole_place(year: int) -> list[Whole]:
    """Return all kinds, including those that have no figures by unit."""
    received: Counter[FigureKind] = Counter()
    counted = _counted(year, list(FigureKind), NUMBERS)
    for (kind, _), numbers in counted.items():
        received[kind] += numbers.get("received", 0)
    days = _days(year, list(received))
    of_units = _sums(counted)
    found = []
    for kind in (*OF_UNITS, FigureKind.ABOUT_OFFICE):
        if received[kind]:
            units: Mapping[int | None, Sums] = of_units.get(kind) or {None: Sums()}
            published = figures.publish(units)
            line = published.lines[None] if None in units else published.total
            row = _row(None, line, days[kind])
            found.append(Whole(kind, figures.alone(received[kind]), row))
    return found


def published(kind: FigureKind, year: int) -> FigureTable:
    """Return what the public may know of each unit."""
    counted = _by_unit(year, [kind]).get(kind, {})
    table = figures.publish({unit: sums for unit, sums in counted.items() if unit is not None})
    return FigureTable(
        [(unit, table.lines[unit.pk]) for unit in _in_order(table.lines)], table.total
    )


def satisfaction(kind: FigureKind, year: int, tops: Collection[Unit]) -> FigureTable:
    """Return the figures without suppression, for the units in an officer's reach."""
    reach = Q(pk__in=[])
    for top in tops:
        reach |= Q(unit__path__startswith=top.path)
    counted = _by_unit(year, [kind], reach).get(kind, {})
    lines = {unit: figures.exact(sums) for unit, sums in counted.items() if unit is not None}
    whole = figures.exact(sum(counted.values(), Sums()))
    return FigureTable([(unit, lines[unit.pk]) for unit in _in_order(lines)], whole)


def with_days(lines: Sequence[tuple[Unit, Line]], kind: FigureKind, year: int) -> list[FigureRow]:
    """Return the rows with the median days of each unit, from the counters of these units."""
    units = Q(unit__in=[unit.pk for unit, _ in lines])
    name = counter(kind, DAYS)
    found = counters.steps([name], *_within(year), of_units=units)
    return [_row(unit, line, found.get((name, unit.pk), Counter())) for unit, line in lines]


def days_of_place(kind: FigureKind, year: int) -> float | None:
    return figures.median(_days(year, [kind])[kind])


def _days(year: int, kinds: Collection[FigureKind]) -> dict[FigureKind, Counter[int]]:
    """Return after how many days cases of each kind were answered, in the whole place."""
    names = {counter(kind, DAYS): kind for kind in kinds}
    found: dict[FigureKind, Counter[int]] = defaultdict(Counter)
    for (name, _), days in counters.steps(names, *_within(year)).items():
        found[names[name]] += days
    return found


def _by_unit(
    year: int, kinds: Collection[FigureKind], reach: Q | None = None
) -> dict[FigureKind, dict[int | None, Sums]]:
    return _sums(_counted(year, kinds, OF_SUMS, reach))


def _counted(
    year: int, kinds: Collection[FigureKind], numbers: Collection[str], reach: Q | None = None
) -> Counted:
    """Return the counters in one grouped query, for all units and months."""
    names = {counter(kind, number): (kind, number) for kind in kinds for number in numbers}
    found: Counted = defaultdict(dict)
    for (name, unit), value in counters.sums(names, *_within(year), of_units=reach).items():
        kind, number = names[name]
        found[kind, unit][number] = value
    return found


def _sums(counted: Counted) -> dict[FigureKind, dict[int | None, Sums]]:
    found: dict[FigureKind, dict[int | None, Sums]] = defaultdict(dict)
    for (kind, unit), numbers in counted.items():
        of_sums = {name: value for name, value in numbers.items() if name in OF_SUMS}
        if of_sums:
            found[kind][unit] = Sums(**of_sums)
    return found


def _within(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _in_order(units: Collection[int]) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=units).order_by("path"))


def _row(unit: Unit | None, line: Line, days: Counter[int]) -> FigureRow:
    return FigureRow(unit, line, figures.median(days) if line.shows_days else None)
