"""Load the supplied sets into a unit, and later editions of them as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.queries import draft_of
from bihuan.checklists.refusals import TitleTaken
from bihuan.checklists.sources import SuppliedSet
from bihuan.orgs.access import Console
from bihuan.orgs.models import Unit


@dataclass
class Loaded:
    """What one run did, by title."""

    made: list[str]
    drafted: list[str]
    # A newer edition that waits, because the unit has a draft of its own; and taken titles.
    waiting: list[str]
    taken: list[str]


def load(*, unit: Unit, sets: Sequence[SuppliedSet], now: datetime) -> Loaded:
    """Load each set once. A newer edition becomes a draft; no version in use is ever changed, and
    a list that the unit retired stays retired.
    """
    done = Loaded([], [], [], [])
    for each in sets:
        there = Checklist.objects.filter(unit=unit, set_key=each.key).first()
        if there is None:
            _make(unit, each, done, now)
        elif not there.is_retired and not _has(there, each.edition):
            _draft(there, each, done, now)
    return done


def _has(checklist: Checklist, edition: str) -> bool:
    return Version.objects.filter(checklist=checklist, edition__gte=edition).exists()


@transaction.atomic
def _make(unit: Unit, supplied: SuppliedSet, done: Loaded, now: datetime) -> None:
    """Make the list and put its first version to use."""
    try:
        made = lists.make(
            unit=unit,
            title=supplied.title.zh,
            title_en=supplied.title.en,
            site_kinds=supplied.site_kinds,
            content=supplied.content,
            origin=Checklist.Origin.LOADED,
            set_key=supplied.key,
            edition=supplied.edition,
            actor=Console.CONSOLE,
            now=now,
        )
    except TitleTaken:
        done.taken.append(supplied.title.zh)
        return
    draft = Version.objects.get(checklist=made)
    versions.put_to_use(version=draft, revision=draft.revision, actor=Console.CONSOLE, now=now)
    done.made.append(supplied.title.zh)


@transaction.atomic
def _draft(checklist: Checklist, supplied: SuppliedSet, done: Loaded, now: datetime) -> None:
    if draft_of(checklist) is not None:
        done.waiting.append(checklist.title)
        return
    versions.begin_draft(
        checklist=checklist,
        content=supplied.content,
        edition=supplied.edition,
        actor=Console.CONSOLE,
        now=now,
    )
    done.drafted.append(checklist.title)
