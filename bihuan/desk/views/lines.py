"""The rows of the ledger as markup; what is the same in every row is rendered once.

They are assembled here and not in the template, as Django's own admin does with its cells: a page
has hundreds of them, and they are most of its cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.desk import pages
from bihuan.desk.listing import Filters
from bihuan.desk.shown import LedgerLine
from bihuan.desk.way_back import WayBack
from bihuan.orgs.choices import holders, in_language
from bihuan.web.templatetags.bihuan import day, due, icon, short_day

COLUMNS: Mapping[str, Any] = {
    "kind": _("Kind"),
    "place": _("Place"),
    "unit": _("Unit"),
    "post": _("Responsible post"),
    "category": _("Category"),
    "reported": _("Reported"),
    "deadline": _("Deadline"),
}
_CUT, _FIT, _NUMBER = "cell-cut", "cell-fit", "cell-number"
_CELLS: Mapping[str, tuple[str, Callable[[LedgerLine, datetime], str]]] = {
    "kind": (_FIT, lambda row, now: str(kinds.label(row.kind))),
    "place": (_CUT, lambda row, now: row.place),
    "unit": (_CUT, lambda row, now: in_language(row.owner__name, row.owner__name_en)),
    "category": (_CUT, lambda row, now: row.category),
    "reported": (_FIT, lambda row, now: short_day(row.reported_at, now)),
    "deadline": (_FIT, lambda row, now: day(row.due)),
}


def columns() -> dict[str, Any]:
    """Return every column that may be chosen, with its label."""
    own = {name: each.label for name, each in pages.ledger_columns().items()}
    return {**COLUMNS, **own}


def _own_cells() -> Mapping[str, tuple[str, Callable[[LedgerLine, datetime], str]]]:
    """Return the columns of some kinds only."""
    places = {path: n for n, path in enumerate(pages.ledger_paths())}

    def cell(column: pages.Column) -> Callable[[LedgerLine, datetime], str]:
        place = places[column.path]
        return lambda row, now: column.said(row.own[place])

    return {name: (_NUMBER, cell(each)) for name, each in pages.ledger_columns().items()}


class Lines:
    """Renders the rows of one page with the columns that the reader chose.

    In mixed lists most cases show their kind.
    """

    def __init__(self, filters: Filters, now: datetime, *, back: str) -> None:
        self._now = now
        titles, cells = columns(), {**_CELLS, **_own_cells(), "post": (_CUT, self._post)}
        self._names_holders = "post" in filters.columns
        self._holders: Mapping[int, str] = {}
        self._cells = [(escape(str(titles[name])), *cells[name]) for name in filters.columns]
        named = not filters.kind and "kind" not in filters.columns
        self._kinds = {
            kind.name: f'<span class="chip">{escape(str(kind.wording.label))}</span> '
            for kind in kinds.every()
            if named and pages.by_name(kind.name).is_named_in_lists
        }
        self._base = reverse("desk:ledger")
        # Only the position differs from row to row.
        self._back = escape(WayBack(back).query)
        self._select = escape(gettext("Select"))
        self._ended = escape(gettext("ended"))
        marks = {mark.path: mark for each in pages.every() for mark in each.row_marks}
        self._marks = [
            (n, marks[path].value, self._mark(marks[path]))
            for n, path in enumerate(pages.ledger_paths())
            if path in marks
        ]
        urgent = escape(gettext("Urgent"))
        self._urgent = f' <span class="chip tone-bad">{icon("warning")}{urgent}</span>'
        unverified = escape(str(Case.ImportCheck.WAITING.label))
        self._unverified = f' <span class="chip tone-warn">{icon("warning")}{unverified}</span>'
        self._stages: dict[tuple[str, str], str] = {}
        self._dues: dict[tuple[datetime | None, bool], str] = {}

    def written(self, rows: Sequence[LedgerLine]) -> list[SafeString]:
        if self._names_holders:
            posts = {row.post_id for row in rows if row.post_id is not None}
            self._holders = holders(posts, localdate(self._now)) if posts else {}
        # Every text goes through `escape`; the rest is our own markup.
        return [mark_safe(self._line(row, at)) for at, row in enumerate(rows)]  # noqa: S308

    def _post(self, row: LedgerLine, now: datetime) -> str:
        """Return the post and who holds it now."""
        if row.post_id is None:
            return ""
        title = in_language(row.post__title or "", row.post__title_en or "")
        holder = self._holders.get(row.post_id) or gettext("vacant")
        return f"{title} · {holder}"

    def _mark(self, mark: pages.Mark) -> str:
        label = escape(str(mark.label))
        return f' <span class="chip tone-strong">{icon("warning")}{label}</span>'

    def _line(self, row: LedgerLine, at: int) -> str:
        number, back = row.number, f"{self._back}&amp;at={at}" if at else self._back
        marks = "".join(mark for n, value, mark in self._marks if row.own[n] == value)
        urgent = self._urgent if row.is_urgent else ""
        is_unverified = row.import_check == Case.ImportCheck.WAITING
        chips = marks + urgent + (self._unverified if is_unverified else "")
        return (
            f'<tr data-row id="{number}">{self._box(row)}<td class="cell-fit number">{number}</td>'
            f'<th scope="row" class="cell-main"><a href="{self._base}{number}/{back}"'
            f" data-open>{escape(row.title)}</a></th>"
            f'<td class="cell-fit cell-stage">{self._stage(row)}{chips}</td>'
            f'<td class="cell-fit">{self._end(row)}</td>{self._chosen(row)}</tr>'
        )

    def _box(self, row: LedgerLine) -> str:
        return (
            f'<td class="cell-check"><input type="checkbox" name="case" value="{row.number}"'
            f' aria-label="{self._select} {row.number}" data-select></td>'
        )

    def _stage(self, row: LedgerLine) -> str:
        key = (row.kind, row.stage)
        if key not in self._stages:
            words = escape(str(kinds.stage_words(*key)))
            kind = self._kinds.get(row.kind, "")
            self._stages[key] = f'{kind}<span class="chip stage stage-{row.stage}">{words}</span>'
        return self._stages[key]

    def _end(self, row: LedgerLine) -> str:
        if row.ended_at:
            return f'<span class="quiet">{self._ended} {short_day(row.ended_at, self._now)}</span>'
        key = (row.due_at, row.is_due_provisional)
        if key not in self._dues:
            self._dues[key] = due(row.due, self._now)
        return self._dues[key]

    def _chosen(self, row: LedgerLine) -> str:
        cells = []
        for label, css, said in self._cells:
            text = escape(said(row, self._now))
            shown = f'<span title="{text}">{text}</span>' if css == _CUT and text else text
            cells.append(f'<td class="{css}" data-label="{label}">{shown}</td>')
        return "".join(cells)
