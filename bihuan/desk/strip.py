"""The strip above a leader's Today: what is overdue, by unit and age, and what needs the leader.

Units are compared, never people. Each number opens its list in the ledger. It is counted among the
overdue and the major cases that are open, so the archive does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.cases import queries
from bihuan.cases.models import Case, CaseQuerySet
from bihuan.core.powers import Power
from bihuan.desk import pages
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.naming import in_language

LEADERS = (Power.APPROVE, Power.SUPERVISE)
Words = str | Promise
# The last days of the ages: up to a week, up to thirty days, longer.
WEEK, MONTH = timedelta(days=7), timedelta(days=30)
AGES: tuple[tuple[str, Words], ...] = (
    ("week", _("Up to 7 days")),
    ("month", _("8 to 30 days")),
    ("longer", _("More than 30 days")),
)


@dataclass(frozen=True)
class Figure:
    """A number, and the list that it counts."""

    label: Words
    count: int
    url: str
    is_bad: bool = False
    # What it is made up of.
    parts: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class UnitRow:
    """What is overdue in a unit: all of it, then by age."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Strip:
    """The numbers of one unit that the officer leads, and the units below it."""

    name: str
    figures: tuple[Figure, ...]
    rows: tuple[UnitRow, ...]
    ages: tuple[Words, ...] = tuple(label for _name, label in AGES)


def strips(user: User, now: datetime) -> list[Strip]:
    """Return a strip for each unit that the officer leads; none for other officers."""
    tops = access.tops(user, LEADERS, localdate(now))
    if not tops:
        return []
    seen = Case.objects.in_sight(queries.sight(user, now))
    return [_strip(unit, seen.filter(owner__path__startswith=unit.path), now) for unit in tops]


def _strip(unit: Unit, cases: CaseQuerySet, now: datetime) -> Strip:
    ages = _ages(localdate(now))
    by_owner = _overdue(cases, ages, now)
    total: Counter[str] = sum((Counter(each) for each in by_owner.values()), Counter())
    by_age = tuple(_of_age(unit, name, label, total[name], ages) for name, label in AGES)
    late, n = _ledger(unit, due="late"), total.total()
    overdue = Figure(_("Overdue"), n, late, is_bad=n > 0, parts=by_age if n else ())
    figures = [overdue, *_headlines(unit, cases)]
    rows = _rows(unit, by_owner, ages)
    return Strip(in_language(unit.name, unit.name_en), tuple(figures), rows)


# ------------------------------------------------------------------------- age
Ages = Mapping[str, tuple[date | None, date | None]]


def _ages(today: date) -> Ages:
    """Return the first and the last due day of each age."""
    week, month = today - WEEK, today - MONTH
    day = timedelta(days=1)
    return {"week": (week, None), "month": (month, week - day), "longer": (None, month - day)}


def _of_age(unit: Unit, name: str, label: Words, count: int, ages: Ages, **alone: str) -> Figure:
    first, last = ages[name]
    days = {"due-from": first and first.isoformat(), "due-to": last and last.isoformat()}
    given = {key: day for key, day in days.items() if day}
    return Figure(label, count, _ledger(unit, due="late", **given, **alone))


def _overdue(cases: CaseQuerySet, ages: Ages, now: datetime) -> dict[str, dict[str, int]]:
    """Return by the path of the responsible unit how many are overdue, by age."""
    conditions = {name: _due_in(*days) for name, days in ages.items()}
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    grouped = cases.overdue(now).order_by().values("owner__path").annotate(**counts)
    rows = grouped.values_list("owner__path", *counts)
    return {path: dict(zip(counts, numbers, strict=True)) for path, *numbers in rows}


def _due_in(first: date | None, last: date | None) -> Q:
    condition = Q()
    if first is not None:
        condition &= Q(due_at__gte=queries.day_after(first - timedelta(days=1)))
    if last is not None:
        condition &= Q(due_at__lt=queries.day_after(last))
    return condition


# ----------------------------------------------------------------------- units
def _rows(unit: Unit, by_owner: Mapping[str, Mapping[str, int]], ages: Ages) -> tuple[UnitRow, ...]:
    """Return the unit itself and the units directly below it, those with most overdue first."""
    found: dict[str, Counter[str]] = {}
    for path, counts in by_owner.items():
        found.setdefault(_below(unit, path), Counter()).update(counts)
    near = {each.path: each for each in Unit.objects.filter(path__in=found)} if found else {}
    order = sorted(found, key=lambda path: (-found[path].total(), path))
    return tuple(_row(near[path], unit, found[path], ages) for path in order)


def _below(unit: Unit, path: str) -> str:
    """Return the path of the unit itself, or of the one directly below it that contains this."""
    return unit.path + "".join(path[len(unit.path) :].partition("/")[:2])


def _row(each: Unit, unit: Unit, counts: Counter[str], ages: Ages) -> UnitRow:
    alone = {"alone": "1"} if each.pk == unit.pk else {}
    of_ages = (_of_age(each, name, label, counts[name], ages, **alone) for name, label in AGES)
    total = Figure(_("Overdue"), counts.total(), _ledger(each, due="late", **alone), is_bad=True)
    return UnitRow(in_language(each.name, each.name_en), (total, *of_ages))


def _headlines(unit: Unit, cases: CaseQuerySet) -> Iterable[Figure]:
    """Return what each kind counts for leaders, such as its major cases that are open."""
    for kind in pages.every():
        for label, filters, condition in kind.headlines:
            count = cases.open().filter(condition, kind=kind.kind).count()
            yield Figure(label, count, _ledger(unit, kind=kind.kind, **filters), is_bad=count > 0)


def _ledger(unit: Unit, **filters: str) -> str:
    return f"{reverse('desk:ledger')}?{urlencode({'unit': unit.code, **filters})}"
