"""The ledger: what to show, in which order, and the next page.

By one column, the cost of a page depends on its rows and not on the archive: a page is found by its
neighbours' keys (see `ordering`), and each part of it is an index scan. By several columns, or one
of words, the database sorts the selection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case, CaseQuerySet, Visibility
from bihuan.cases.queries import prepared
from bihuan.core import references
from bihuan.desk import ordering, pages, shown
from bihuan.desk.context import SOON_DAYS
from bihuan.desk.ordering import Order, Part, Position
from bihuan.desk.shown import LedgerLine
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User

SIZE = 50
MOST_COUNTED = 10_000
# Cases chosen one by one: their numbers fit in one address.
MOST_NUMBERS = 240
UNVERIFIED = "unverified"
STATES = ("open", "ended", "all", UNVERIFIED)
DUE = ("late", "today", "week", "this-week")
COLUMNS = ("kind", "place", "unit", "post", "category", "reported", "deadline")
DEFAULT_COLUMNS = ("place", "unit", "post")
MOST_COLUMNS = 80
_FIELD = re.compile(r"[a-z][a-z_]{0,30}")
_NUMBER = re.compile(r"[A-Z]{2}-[0-9-]{1,24}")


@dataclass(frozen=True)
class Filters:
    """What the URL requests; invalid parts are ignored."""

    words: str = ""
    state: str = "open"
    kind: str = ""
    stage: str = ""
    unit: str = ""
    # Without the units below it.
    alone: bool = False
    category: str = ""
    due: str = ""
    mine: bool = False
    # What the reader reported.
    entered: bool = False
    since: date | None = None
    until: date | None = None
    due_since: date | None = None
    due_until: date | None = None
    sort: Order = ()
    # These cases only, in addition to the other filters.
    numbers: tuple[str, ...] = ()
    # Filters of kinds, by name.
    own: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    # The columns of the exported workbook, in their order; all of them if empty.
    export: tuple[str, ...] = ()

    @classmethod
    def of(cls, requested: Mapping[str, str]) -> Filters:
        columns = (*COLUMNS, *pages.ledger_columns())
        chosen = tuple(name for name in columns if name in requested.get("cols", "").split(","))
        kind, stage = _kind_and_stage(requested.get("kind", ""), requested.get("stage", ""))
        due = _one_of(requested.get("due", ""), DUE)
        state = _one_of(requested.get("state", ""), STATES) or "open"
        return cls(
            words=requested.get("q", "").replace("\x00", "").strip()[:100],
            # What is due is open, and an end stage is not.
            state="open" if due else "ended" if _is_end(kind, stage) else state,
            kind=kind,
            stage=stage,
            unit=requested.get("unit", "").replace("\x00", "")[:32],
            alone=requested.get("alone") == "1",
            category=requested.get("category", "").replace("\x00", "").strip()[:80],
            due=due,
            mine=requested.get("mine") == "1",
            entered=requested.get("entered") == "1",
            since=_date(requested.get("from", "")),
            until=_date(requested.get("to", "")),
            due_since=_date(requested.get("due-from", "")),
            due_until=_date(requested.get("due-to", "")),
            numbers=_numbers(requested.get("numbers", "")),
            sort=ordering.of(requested.get("sort", "")),
            own=_own(requested),
            columns=chosen or DEFAULT_COLUMNS,
            export=_exported(requested.get("export", "")),
        )

    def chosen(self, name: str) -> str:
        """Return the choice in the filter of a kind."""
        return dict(self.own).get(name, "")

    @property
    def order(self) -> Order:
        """Return the columns to sort by: by the due time, or the newest first."""
        return self.sort or ((Part("due") if self.state == "open" else Part("reported", True)),)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order and the columns is requested."""
        plain = Filters(state=self.state, sort=self.sort, columns=self.columns, export=self.export)
        return self != plain or self.state in ("ended", UNVERIFIED)


@dataclass(frozen=True)
class Page:
    """One page of rows and the keys of its neighbours (empty: there is none)."""

    rows: list[LedgerLine]
    before: str = ""
    after: str = ""


def page(user: User, filters: Filters, now: datetime, *, after: str, before: str) -> Page:
    """Return the rows after or before a key, or the first ones."""
    selection = _selection(user, filters, now)
    back = bool(before) and not after
    order = filters.order
    cursor = ordering.position(before if back else after, order)
    if cursor is None and selection.is_steady and len(order) == 1:
        found = _first(selection, now)
    else:
        cases = _narrowed(selection, now)
        found = list(_walk(cases, order, cursor, back=back and cursor is not None))
    more = len(found) > SIZE
    rows = found[:SIZE]
    if back and cursor is not None:
        rows.reverse()
        has_before, has_after = more, True
    else:
        has_before, has_after = cursor is not None, more
    if not rows:
        return Page(rows)
    return Page(
        rows,
        before=ordering.key(rows[0], order) if has_before else "",
        after=ordering.key(rows[-1], order) if has_after else "",
    )


def narrowed(user: User, filters: Filters, now: datetime) -> CaseQuerySet:
    """Return the cases that the officer sees and the filters select, unordered."""
    return _narrowed(_selection(user, filters, now), now)


def count(user: User, filters: Filters, now: datetime) -> int:
    """Return how many cases the filters select; one more than `MOST_COUNTED` stands for more."""
    return narrowed(user, filters, now).values("pk")[: MOST_COUNTED + 1].count()


@dataclass(frozen=True)
class _Selection:
    """Everything that the selection of cases depends on, except the time."""

    filters: Filters
    sight: Visibility
    posts: tuple[int, ...] = ()
    subtree: tuple[int, ...] = ()

    @property
    def is_steady(self) -> bool:
        """Whether the same request has the same SQL a minute later."""
        return not (self.filters.due or self.filters.words or self.filters.numbers)


def _selection(user: User, filters: Filters, now: datetime) -> _Selection:
    seats = access.seats(user, localdate(now)) if filters.mine else ()
    return _Selection(
        filters,
        queries.sight(user, now),
        tuple(seat.post.pk for seat in seats),
        _subtree(filters.unit, alone=filters.alone) if filters.unit else (),
    )


def _narrowed(selection: _Selection, now: datetime) -> CaseQuerySet:
    filters, cases = selection.filters, Case.objects.in_sight(selection.sight)
    if filters.state == "open":
        cases = cases.open()
    elif filters.state == "ended":
        cases = cases.exclude(ended_at=None)
    elif filters.state == UNVERIFIED:
        cases = cases.filter(import_check=Case.ImportCheck.WAITING)
    same = {name: getattr(filters, name) for name in ("kind", "stage", "category")}
    same |= {pages.ledger_filters()[name].path: value for name, value in filters.own}
    cases = cases.filter(**{name: value for name, value in same.items() if value})
    cases = cases.filter(_due(filters.due, now), _due_between(filters), _reported(filters))
    if filters.mine:
        cases = cases.filter(post__in=selection.posts)
    if filters.entered:
        cases = cases.filter(reported_by=selection.sight.members[0])
    if filters.unit:
        cases = cases.filter(owner__in=selection.subtree)
    if filters.numbers:
        cases = cases.filter(number__in=filters.numbers)
    return search(cases, filters.words) if filters.words else cases


def search(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """Search for the number of a case or its beginning, a ledger's number, or words."""
    series = {kind.series for kind in kinds.every()}
    if own := references.own(words, series):
        # One of our numbers may be another ledger's as well.
        named = cases.numbered(words)
        return cases.filter(Q(number__startswith=own) | Q(pk__in=named))
    return cases.matching(references.named(words))


def _due(due: str, now: datetime) -> Q:
    match due:
        case "late":
            return Q(due_at__lt=now)
        case "today":
            return Q(due_at__gte=now, due_at__lt=queries.day_after(localdate(now)))
        case "week":
            soon = localdate(now) + timedelta(days=SOON_DAYS)
            return Q(due_at__gte=now, due_at__lt=queries.day_after(soon))
        case "this-week":
            monday = localdate(now) - timedelta(days=localdate(now).weekday())
            sunday = monday + timedelta(days=6)
            return Q(due_at__gte=_begin(monday), due_at__lt=queries.day_after(sunday))
    return Q()


def _due_between(filters: Filters) -> Q:
    condition = Q()
    if filters.due_since:
        condition &= Q(due_at__gte=_begin(filters.due_since))
    if filters.due_until:
        condition &= Q(due_at__lt=queries.day_after(filters.due_until))
    return condition


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, get_default_timezone())


def _reported(filters: Filters) -> Q:
    zone, condition = get_default_timezone(), Q()
    if filters.since:
        condition &= Q(reported_at__gte=_begin(filters.since))
    if filters.until:
        condition &= Q(reported_at__lte=datetime.combine(filters.until, time.max, zone))
    return condition


def _subtree(code: str, *, alone: bool) -> tuple[int, ...]:
    unit = prepared.unit_coded.one(code)
    if unit is None:
        return ()
    if alone:
        return (unit.pk,)

    def within() -> QuerySet[Unit, int]:
        return Unit.objects.within(unit).order_by("pk").values_list("pk", flat=True)

    return tuple(prepared.WITHIN.rows(unit.path, within))


# ---------------------------------------------------------------------- paging
def _first(selection: _Selection, now: datetime) -> list[LedgerLine]:
    """Return the first rows of a view; frequently opened ones are compiled once."""
    (only,), found = selection.filters.order, list[LedgerLine]()
    for n in range(1 + only.column.nullable):

        def part(n: int = n) -> QuerySet[Case, Any]:
            cases = _narrowed(selection, now)
            parts = list(_parts(cases, only, None, down=only.descending))
            return shown.values(parts[n])[: SIZE + 1]

        found += [shown.row(values) for values in prepared.LISTS.rows((selection, n), part)]
        if len(found) > SIZE:
            break
    return found[: SIZE + 1]


def _walk(
    cases: CaseQuerySet, order: Order, cursor: Position | None, *, back: bool
) -> Iterator[LedgerLine]:
    """Return one row more than a page from the cursor on, in the order or against it."""
    wanted = SIZE + 1
    if len(order) > 1:
        cases = ordering.sorted_by(cases, order, back=back)
        if cursor is not None:
            cases = cases.filter(ordering.beyond(order, cursor, back=back))
        parts = iter([cases])
    else:
        parts = _parts(cases, order[0], cursor, down=order[0].descending is not back)
    for part in parts:
        for values in shown.values(part)[:wanted]:
            wanted -= 1
            yield shown.row(values)
        if not wanted:
            return


def _parts(
    cases: CaseQuerySet, only: Part, cursor: Position | None, *, down: bool
) -> Iterator[CaseQuerySet]:
    """Split into rows with a value and rows without: the latter come last in ascending order, first
    in descending order.

    As separate queries, each is an index scan on both databases, which sort nulls differently.
    """
    key, nullable = only.column.key, only.column.nullable
    dated, undated = cases, cases.filter(**{key: None}) if nullable else None
    if nullable:
        dated = cases.filter(**{f"{key}__isnull": False})
    dated = dated.order_by(*((f"-{key}", "-pk") if down else (key, "pk")))
    if undated is not None:
        undated = undated.order_by("-pk" if down else "pk")
    way = "lt" if down else "gt"
    first, second = (undated, dated) if down else (dated, undated)
    if cursor is None:
        starts = [first, second]
    elif cursor.values[0] is None and undated is not None:
        rest = undated.filter(**{f"pk__{way}": cursor.pk})
        starts = [rest, dated] if down else [rest]
    else:
        value = cursor.values[0]
        beyond = Q(**{f"{key}__{way}": value}) | Q(**{f"pk__{way}": cursor.pk})
        rest = dated.filter(beyond, **{f"{key}__{way}e": value})
        starts = [rest] if down else [rest, undated]
    yield from (part for part in starts if part is not None)


def _kind_and_stage(kind: str, stage: str) -> tuple[str, str]:
    """Where no kind is chosen, a stage may bring its own ("kind.stage")."""
    known = {each.name: each.lifecycle.stages for each in kinds.every()}
    kind = _one_of(kind, tuple(known))
    of_kind, dot, named = stage.partition(".")
    if dot:
        kind, stage = kind or _one_of(of_kind, tuple(known)), named
    stages = known[kind] if kind else tuple(each for every in known.values() for each in every)
    return kind, _one_of(stage, stages)


def _numbers(listed: str) -> tuple[str, ...]:
    return tuple(each for each in listed.split(",")[:MOST_NUMBERS] if _NUMBER.fullmatch(each))


def _exported(listed: str) -> tuple[str, ...]:
    names = (each for each in listed.split(",") if _FIELD.fullmatch(each))
    return tuple(dict.fromkeys(names))[:MOST_COLUMNS]


def _own(requested: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = (
        (name, _one_of(requested.get(name, ""), tuple(value for value, _label in each.choices)))
        for name, each in pages.ledger_filters().items()
    )
    return tuple((name, value) for name, value in found if value)


def _is_end(kind: str, stage: str) -> bool:
    """Whether a case at this stage has ended, in its kind or in every kind that has the stage."""
    tables = [each.lifecycle for each in kinds.every() if kind in ("", each.name)]
    having = [table for table in tables if stage in table.stages]
    return bool(having) and all(stage in table.ended for table in having)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return str(value) if value in allowed else ""


def _date(value: str) -> date | None:
    """Parse a date that exists in every zone."""
    try:
        day = parse_date(value)
    except ValueError:
        return None
    return day if day and 1 < day.year < 9999 else None
