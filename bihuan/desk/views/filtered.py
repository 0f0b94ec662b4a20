"""The filters of the ledger in words: removable on the page, and on top of a printed list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.cases import kinds
from bihuan.cases.kinds import Words
from bihuan.cases.queries import prepared
from bihuan.desk import pages
from bihuan.desk.listing import Filters
from bihuan.desk.views import heads
from bihuan.formats import day, names
from bihuan.orgs import naming

# Shown as fields above the table; the others as chips below them.
TOOLBAR = ("q", "state", "kind", "stage", "due")


@dataclass(frozen=True)
class Active:
    """One filter that is set: its parameter, and what it says."""

    name: str
    words: Words


def active(filters: Filters) -> list[Active]:
    """Return the filters that are set, in the order of the page."""
    return [*_of_toolbar(filters), *_of_kinds(filters), *_chosen(filters), *_others(filters)]


def chips(
    requested: Mapping[str, str], filters: Filters, found: Iterable[Active]
) -> list[tuple[Words, str]]:
    """Return the filters beyond the toolbar, each with the URL that clears it."""
    in_toolbar = (*TOOLBAR, *pages.ledger_filters())
    shown = [(each.words, each.name) for each in found if each.name not in in_toolbar]
    if len(filters.sort) > 1:
        words = _("Sorted by %(columns)s") % {"columns": names(heads.said(filters.sort))}
        shown.append((words, "sort"))
    shown += _exported(filters)
    return [(words, _without(requested, name)) for words, name in shown]


def _without(requested: Mapping[str, str], name: str) -> str:
    rest = {key: value for key, value in requested.items() if key != name}
    return reverse("desk:ledger") + (f"?{urlencode(rest)}" if rest else "")


def _of_toolbar(filters: Filters) -> Iterator[Active]:
    states = {
        "ended": _("Ended"),
        "all": _("All"),
        "unverified": _("Unverified, imported"),
    }
    dues = {
        "late": _("Overdue"),
        "today": _("Due today"),
        "this-week": _("Due this week"),
        "week": _("Due within 7 days"),
    }
    if filters.words:
        yield Active("q", _("“%(words)s”") % {"words": filters.words})
    if filters.state in states:
        yield Active("state", states[filters.state])
    if filters.kind:
        yield Active("kind", kinds.label(filters.kind))
    if filters.stage:
        yield Active("stage", _stage(filters))
    if filters.due:
        yield Active("due", dues[filters.due])


def _stage(filters: Filters) -> Words:
    known = [each for each in kinds.every() if filters.kind in ("", each.name)]
    found = (each.wording.stages.get(filters.stage) for each in known)
    return next((words for words in found if words), filters.stage)


def _of_kinds(filters: Filters) -> Iterator[Active]:
    for name, each in pages.ledger_filters().items():
        if chosen := filters.chosen(name):
            words = next(label for value, label in each.choices if value == chosen)
            yield Active(name, words)


def _chosen(filters: Filters) -> Iterator[Active]:
    if filters.numbers:
        yield Active("numbers", _("Chosen cases: %(count)d") % {"count": len(filters.numbers)})


def _exported(filters: Filters) -> Iterator[tuple[Words, str]]:
    if filters.export:
        yield _("Export columns: %(count)d") % {"count": len(filters.export)}, "export"


def _others(filters: Filters) -> Iterator[Active]:
    if filters.unit:
        yield Active("unit", _("Unit: %(unit)s") % {"unit": _unit(filters.unit)})
    if filters.unit and filters.alone:
        yield Active("alone", _("Without the units below it"))
    if filters.category:
        yield Active("category", filters.category)
    if filters.mine:
        yield Active("mine", _("On my posts"))
    if filters.entered:
        yield Active("entered", _("Reported by me"))
    for name, on, words in (
        ("due-from", filters.due_since, _("Due from %(day)s")),
        ("due-to", filters.due_until, _("Due until %(day)s")),
        ("from", filters.since, _("Reported from %(day)s")),
        ("to", filters.until, _("Reported until %(day)s")),
    ):
        if on:
            yield Active(name, words % {"day": day(on)})


def _unit(code: str) -> str:
    unit = prepared.unit_coded.one(code)
    return naming.name_of(unit) if unit else code
