"""The timeline of any subject: its entries in the journal, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.web import subjects

AT_ONCE = journal.PAGE


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One entry as it is shown; an app with more to show of it has a class and template of its own.

    `template` is included with the entry as `entry`.
    """

    seq: int
    at: datetime
    act: str | Promise
    who: str = ""
    unit: str = ""
    note: str = ""
    details: Sequence[tuple[str, str]] = ()
    is_major: bool = False
    # Its officer took it back: it had no effect.
    is_undone: bool = False
    template: str = ""


@dataclass(frozen=True)
class Timeline:
    """A page of entries; the next begins before `earlier` at `url` (0: there is none)."""

    entries: Sequence[TimelineEntry]
    url: str
    earlier: int = 0


def page(rows: Sequence[Entry], shown: Iterable[TimelineEntry], url: str) -> Timeline:
    """A page of what `journal.page` returned, of which some may not be shown."""
    earlier = rows[AT_ONCE - 1].seq if len(rows) > AT_ONCE else 0
    return Timeline(list(shown), url, earlier)


def of(subject: str, *, before: int | None = None) -> Timeline:
    """The acts of a subject that its type has words for."""
    rows = journal.page(subject, before=before)
    words = subjects.acts(subject)
    shown = (
        TimelineEntry(
            seq=row.seq,
            at=row.at,
            act=words[row.act],
            who=row.actor.name if row.actor else "",
            note=row.note,
        )
        for row in rows[:AT_ONCE]
        if row.act in words
    )
    return page(rows, shown, reverse("web:timeline", args=subjects.parted(subject)))
