"""Figures for the pages, from the counters alone: their cost follows the units that are shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, Sum

from bihuan.core import figures
from bihuan.core.figures import Line, Shown, Sums
from bihuan.orgs.models import Unit
from bihuan.portal.models import Figure

Kind = Figure.Kind
# What is counted for each unit.
OF_UNITS = (Kind.GRIEVANCE, Kind.SUGGESTION, Kind.HAZARD)


@dataclass(frozen=True)
class FigureRow:
    """One line of a table: whose it is (nobody's: all of them), the figures, the median of days."""

    unit: Unit | None
    line: Line
    days: float | None = None


@dataclass(frozen=True)
class Whole:
    """What became of everything of one kind in the whole place."""

    kind: Figure.Kind
    received: Shown
    row: FigureRow


@dataclass(frozen=True)
class FigureTable:
    """The lines of the units, in the order of the organisation, and the one that sums them up."""

    lines: Sequence[tuple[Unit, Line]]
    total: Line


def years(this: int) -> list[int]:
    """The years of which there are figures, the latest first."""
    found = Figure.objects.filter(unit=None).aggregate(first=Min("month"), last=Max("month"))
    if found["first"] is None:
        return [this]
    return list(range(max(found["last"].year, this), found["first"].year - 1, -1))


def whole_place(year: int) -> list[Whole]:
    """All kinds together with those that no unit has a figure of."""
    received: Counter[str] = Counter()
    counted: dict[str, Sums] = defaultdict(Sums)
    days: dict[str, Counter[int]] = defaultdict(Counter)
    for row in Figure.objects.filter(_within(year), unit=None):
        received[row.kind] += row.received
        counted[row.kind] += _sums(row)
        _add_days(days[row.kind], row.days)
    of_units = _by_unit(year, OF_UNITS)
    found = []
    for kind in (*OF_UNITS, Kind.ABOUT_OFFICE):
        if received[kind]:
            units: Mapping[int | None, Sums] = of_units.get(kind) or {None: counted[kind]}
            published = figures.publish(units)
            line = published.lines[None] if None in units else published.total
            found.append(Whole(kind, figures.alone(received[kind]), _row(None, line, days[kind])))
    return found


def published(kind: Figure.Kind, year: int) -> FigureTable:
    """What the public may know of each unit."""
    counted = _by_unit(year, [kind]).get(kind, {})
    table = figures.publish({unit: sums for unit, sums in counted.items() if unit is not None})
    return FigureTable(
        [(unit, table.lines[unit.pk]) for unit in _in_order(table.lines)], table.total
    )


def satisfaction(kind: Figure.Kind, year: int, tops: Collection[Unit]) -> FigureTable:
    """The same as it is, for the units in an officer's reach."""
    reach = Q(pk__in=[])
    for top in tops:
        reach |= Q(unit__path__startswith=top.path)
    counted = _by_unit(year, [kind], reach).get(kind, {})
    lines = {unit: figures.exact(sums) for unit, sums in counted.items() if unit is not None}
    whole = figures.exact(sum(counted.values(), Sums()))
    return FigureTable([(unit, lines[unit.pk]) for unit in _in_order(lines)], whole)


def with_days(lines: Sequence[tuple[Unit, Line]], kind: Figure.Kind, year: int) -> list[FigureRow]:
    """The lines with the median days of each unit, which the counters of these units tell."""
    found: dict[int | None, Counter[int]] = defaultdict(Counter)
    units = [unit.pk for unit, _ in lines]
    kept = Figure.objects.filter(_within(year), kind=kind, unit__in=units)
    for unit_id, days in kept.values_list("unit", "days"):
        _add_days(found[unit_id], days)
    return [_row(unit, line, found[unit.pk]) for unit, line in lines]


def days_of_place(kind: Figure.Kind, year: int) -> float | None:
    found: Counter[int] = Counter()
    kept = Figure.objects.filter(_within(year), kind=kind, unit=None)
    for days in kept.values_list("days", flat=True):
        _add_days(found, days)
    return figures.median(found)


def _by_unit(
    year: int, kinds: Collection[str], reach: Q | None = None
) -> dict[str, dict[int | None, Sums]]:
    """In one grouped question, from so many counters as there are units and months."""
    kept = Figure.objects.filter(_within(year), reach or Q(), kind__in=kinds, unit__isnull=False)
    rows = kept.values_list("kind", "unit").annotate(
        Sum("settled"), Sum("in_time"), Sum("answered"), Sum("rated"), Sum("solved")
    )
    found: dict[str, dict[int | None, Sums]] = defaultdict(dict)
    for kind, unit, *numbers in rows:
        if any(numbers):
            found[kind][unit] = Sums(*numbers)
    return found


def _within(year: int) -> Q:
    return Q(month__range=(date(year, 1, 1), date(year, 12, 31)))


def _in_order(units: Collection[int]) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=units).order_by("path"))


def _row(unit: Unit | None, line: Line, days: Counter[int]) -> FigureRow:
    return FigureRow(unit, line, figures.median(days) if line.shows_days else None)


def _sums(row: Figure) -> Sums:
    return Sums(row.settled, row.in_time, row.answered, row.rated, row.solved)


def _add_days(found: Counter[int], days: Mapping[str, int]) -> None:
    found.update({int(length): count for length, count in days.items()})
