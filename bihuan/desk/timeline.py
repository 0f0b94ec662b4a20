"""The timeline of a case: what the kind calls each act, and what an import replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.cases import kind_wording, kinds, queries, wording
from bihuan.cases.actions.loop import STANDS_IN_FOR
from bihuan.cases.models import REPORTER, Case
from bihuan.cases.queries import undoable
from bihuan.desk import replaced
from bihuan.desk.replaced import Replaced
from bihuan.journal import kept_values
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.orgs import naming
from bihuan.orgs.models import User
from bihuan.web.timeline import AT_ONCE, Timeline, TimelineEntry, page

# The details that are the name of a unit or a post.
_NAMES = frozenset({"unit", "post", "owner", "assisting", "closed"})
NUMBER = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{6,9}")


@dataclass(frozen=True, kw_only=True)
class CaseEntry(TimelineEntry):
    """An entry of a case, with what an import replaced and whose old values are gone."""

    move: str
    replaced: list[Replaced]
    erased: list[str]
    template: str = "desk/timeline_entry.html"


def timeline(
    case: Case, user: User, now: datetime, *, before: int | None = None, besides: Iterable[str] = ()
) -> tuple[Timeline, frozenset[str]]:
    """Return the entries, and which of the cases named in them the officer must not know of.

    `besides` are further numbers to check in the same query.
    """
    rows = journal.page(case.subject, before=before)
    named = {number for row in rows[:AT_ONCE] for number in _numbers_in(row.details)}
    shut = queries.shut_among(user, (named | {*besides}) - {case.number}, now)
    url = reverse("desk:timeline", args=[case.number])
    undone = undoable.undone_among(rows)
    if before is not None:
        undone |= undoable.undone_after(case, before)
    return page(rows, _entries(case, rows[:AT_ONCE], shut, undone), url), shut


def explaining(case: Case, move: str, entries: Iterable[TimelineEntry]) -> TimelineEntry | None:
    """Return why this move is to be made, if it is because of another officer's decision: the work
    was sent back, an extension was refused. It is no longer said once the move was made.
    """
    table = kinds.of(case).lifecycle.transitions
    reasons = {row.move for row in table if move in row.explains}
    for entry in entries:
        if isinstance(entry, CaseEntry) and not entry.is_undone:
            if entry.move in reasons:
                return entry
            if entry.move == move:
                break
    return None


def _acted_from(detail: Mapping[str, Any]) -> str:
    """Return the unit, and the absent holder if the officer was the stand-in."""
    unit, holder = str(detail.get("unit", "")), detail.get(STANDS_IN_FOR)
    if not holder:
        return unit
    return _("%(unit)s, as stand-in for %(holder)s") % {"unit": unit, "holder": holder}


def _numbers_in(detail: Mapping[str, Any]) -> Iterator[str]:
    """Return the numbers of other cases among the values of an entry."""
    for value in detail.values():
        if isinstance(value, str) and NUMBER.fullmatch(value):
            yield value


def _names_in(rows: Iterable[Entry]) -> Iterator[str]:
    """Return the names of units and posts in these entries."""
    for row in rows:
        yield from (str(value) for name, value in row.details.items() if name in _NAMES)


def _entries(
    case: Case, rows: list[Entry], shut: Collection[str], undone: Collection[int]
) -> Iterator[CaseEntry]:
    kind, kept = kinds.of(case), {*shut, REPORTER}
    beside, english = kept_values.beside(rows), naming.english_of(set(_names_in(rows)))
    for row in rows:
        values = beside.get(row.seq)
        detail = {
            name: english.get(value, value) if name in _NAMES else value
            for name, value in row.details.items()
            if not (isinstance(value, str) and value in kept)
        }
        yield CaseEntry(
            seq=row.seq,
            move=row.act,
            at=row.at,
            who=kind_wording.who_did(case, row),
            unit=_acted_from(detail),
            act=kind_wording.entry_words(kind, row),
            note=row.note,
            details=list(wording.details(detail, kind.wording.stages, kind.wording.details)),
            is_major="to" in detail,
            is_undone=row.seq in undone,
            replaced=replaced.in_words(case.kind, values.changes if values else ()),
            erased=replaced.erased(case.kind, detail, values),
        )
