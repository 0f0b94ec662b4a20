"""Figures by unit: for everyone with small numbers suppressed, for officers within their reach."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.core.figures import Line
from bihuan.core.numerals import whole
from bihuan.figures import queries as counters
from bihuan.orgs import access, choices
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.portal import plain
from bihuan.portal.models import FigureKind
from bihuan.portal.queries import figures
from bihuan.portal.queries.figures import FigureRow, FigureTable, Whole
from bihuan.portal.views.public import public
from bihuan.sheets.writer import FORMULA_STARTS

SIZE = 40
LAST_PAGE = 99_999


@dataclass(frozen=True)
class FiguresFilter:
    """The subject, the year, the units, and the page."""

    kind: FigureKind
    year: int
    words: str = ""
    page: int = 1

    @classmethod
    def of(cls, request: HttpRequest, on: date) -> FiguresFilter:
        get = request.GET
        kinds = {kind.value: kind for kind in figures.OF_UNITS}
        return cls(
            kinds.get(get.get("kind", ""), FigureKind.GRIEVANCE),
            chosen_year(request, on),
            get.get("q", "").replace("\x00", "").strip()[:60],
            whole(get.get("page", ""), most=LAST_PAGE) or 1,
        )

    def query(self, **other: object) -> str:
        return urlencode({"kind": self.kind.value, "year": self.year, "q": self.words, **other})


@dataclass(frozen=True)
class Spoken:
    """One row for display and download."""

    name: str
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no share and no number of days may be shown."""
        return all(self.cells[n] == plain.NOTHING for n in plain.OUTCOMES)


def chosen_year(request: HttpRequest, on: date) -> int:
    """A whole year: with periods that never overlap, no small number follows by subtraction."""
    year = whole(request.GET.get("year", ""), most=9999)
    return year if year is not None and year > 1000 else on.year


@public
@require_safe
def by_unit(request: HttpRequest) -> HttpResponse:
    """Show the outcomes by unit."""
    on = localdate(timezone.now())
    asked = FiguresFilter.of(request, on)
    table = figures.published(asked.kind, asked.year)
    context = _page(asked, table, "portal:figures") | {
        "years": figures.years(on.year),
        "csv_url": f"{reverse('portal:figures-csv')}?{asked.query()}",
    }
    return render(request, "portal/figures/by_unit.html", context)


@public
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Download the table of the page, all pages of it, as a file."""
    asked = FiguresFilter.of(request, localdate(timezone.now()))
    table = figures.published(asked.kind, asked.year)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"figures-{asked.kind}-{asked.year}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow([_("Unit"), *plain.COLUMNS])
    for line in (*_lines(asked, _matching(asked, table)), _total(asked, table)):
        writer.writerow([_no_formula(line.name), *line.cells])
    return response


@require_safe
def satisfaction(request: SignedInRequest) -> HttpResponse:
    """Show the figures without suppression to officers, for the units in their reach."""
    on = localdate(timezone.now())
    asked = FiguresFilter.of(request, on)
    tops = [seat.unit for seat in access.own_seats(request.user, on)]
    table = figures.satisfaction(asked.kind, asked.year, tops)
    context = _page(asked, table, "portal:satisfaction") | {"years": figures.years(on.year)}
    return render(request, "portal/figures/satisfaction.html", context)


def whole_lines(found: Iterable[Whole]) -> list[tuple[Spoken, str]]:
    """Return the figures of the whole place by kind, each with the number received."""
    return [
        (
            Spoken(str(each.kind.label), plain.cells(each.row.line, each.row.days)),
            plain.number(each.received),
        )
        for each in found
    ]


def _page(asked: FiguresFilter, table: FigureTable, name: str) -> dict[str, Any]:
    matching = _matching(asked, table)
    first = (asked.page - 1) * SIZE
    base = reverse(name)
    return {
        "asked": asked,
        "kinds": figures.OF_UNITS,
        "columns": plain.COLUMNS,
        "published_at": counters.published_at(),
        "lines": list(_lines(asked, matching[first : first + SIZE])),
        "total": _total(asked, table) if matching and name == "portal:figures" else None,
        "previous_url": f"{base}?{asked.query(page=asked.page - 1)}" if asked.page > 1 else "",
        "next_url": f"{base}?{asked.query(page=asked.page + 1)}"
        if len(matching) > first + SIZE
        else "",
    }


def _matching(asked: FiguresFilter, table: FigureTable) -> Sequence[tuple[Unit, Line]]:
    """Return the units whose name contains the words; suppression always considers all units."""
    words = asked.words.lower().split()
    return [
        (unit, line)
        for unit, line in table.lines
        if all(word in f"{unit.name} {unit.name_en}".lower() for word in words)
    ]


def _lines(asked: FiguresFilter, lines: Sequence[tuple[Unit, Line]]) -> Iterable[Spoken]:
    for row in figures.with_days(lines, asked.kind, asked.year):
        yield Spoken(_name(row), plain.cells(row.line, row.days))


def _total(asked: FiguresFilter, table: FigureTable) -> Spoken:
    days = figures.days_of_place(asked.kind, asked.year) if table.total.shows_days else None
    return Spoken(_("Total of all units"), plain.cells(table.total, days))


def _name(row: FigureRow) -> str:
    return choices.name_of(row.unit) if row.unit else ""


def _no_formula(name: str) -> str:
    return f"'{name}" if name[:1] in FORMULA_STARTS else name
