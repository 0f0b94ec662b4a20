"""The rows of the ledger, ready to be written: what is the same in every row is worked out once.

The columns that the reader chose are put together here and not in the template, as Django's own
admin does it: a page has hundreds of such cells, and they are most of its cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any, TypedDict

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.choices import in_language
from bihuan.cases.listing import Row
from bihuan.cases.models import Case
from bihuan.web.templatetags.bihuan import day, due, short_day


class Line(TypedDict):
    """One row; a dictionary, because that is what a template reads fastest."""

    number: str
    title: str
    stage: str
    stage_words: str
    is_major: bool
    ended: str
    due: str
    cells: SafeString


COLUMNS: Mapping[str, Any] = {
    "place": _("Place"),
    "unit": _("Unit"),
    "post": _("Responsible post"),
    "category": _("Category"),
    "reported": _("Reported"),
    "deadline": _("Deadline"),
    "rebounds": _("Rebounds"),
}
_CUT, _FIT, _NUMBER = "cell-cut", "cell-fit", "cell-number"
_CELLS: Mapping[str, tuple[str, Callable[[Row, datetime], str]]] = {
    "place": (_CUT, lambda row, now: row.place),
    "unit": (_CUT, lambda row, now: in_language(row.owner__name, row.owner__name_en)),
    "post": (_FIT, lambda row, now: in_language(row.post__title or "", row.post__title_en or "")),
    "category": (_FIT, lambda row, now: row.category),
    "reported": (_FIT, lambda row, now: short_day(row.reported_at, now)),
    "deadline": (_FIT, lambda row, now: day(row.due_at)),
    "rebounds": (_NUMBER, lambda row, now: str(row.rebounds)),
}


def lines(rows: Iterable[Row], columns: Iterable[str], now: datetime) -> list[Line]:
    """The rows with the columns that the reader chose."""
    labels = {name: escape(str(COLUMNS[name])) for name in columns}
    stages: dict[tuple[str, str], str] = {}
    dues: dict[datetime | None, str] = {}
    made: list[Line] = []
    for row in rows:
        key = (row.kind, row.stage)
        if key not in stages:
            stages[key] = str(kinds.stage_words(*key))
        if row.due_at not in dues:
            dues[row.due_at] = due(row.due_at, now)
        made.append(
            {
                "number": row.number,
                "title": row.title,
                "stage": row.stage,
                "stage_words": stages[key],
                "is_major": row.grade == Case.Grade.MAJOR,
                "ended": short_day(row.ended_at, now),
                "due": "" if row.ended_at else dues[row.due_at],
                "cells": _cells(row, labels, now),
            }
        )
    return made


def _cells(row: Row, labels: Mapping[str, str], now: datetime) -> SafeString:
    cells = []
    for name, label in labels.items():
        css, said = _CELLS[name]
        text = escape(said(row, now))
        shown = f'<span title="{text}">{text}</span>' if css == _CUT else text
        cells.append(f'<td class="{css}" data-label="{label}">{shown}</td>')
    return mark_safe("".join(cells))  # noqa: S308 - every text went through `escape`
