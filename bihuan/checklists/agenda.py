"""Drafts of checklists on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan import formats
from bihuan.checklists import queries
from bihuan.checklists.models import Version
from bihuan.orgs.choices import name_of
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return the drafts that the officer's units have begun and not put to use."""
    if units := queries.own_units(user, now):
        rows = queries.unfinished(units).defer("content", "previous")
        yield SectionIfAny(_drafts, (rows[: AT_MOST + 1],))


def _drafts(rows: list[Version]) -> AgendaSection:
    more = f"{reverse('checklists:checklists')}?state=draft"
    title = gettext_lazy("Drafts of checklists")
    return AgendaSection.of(title, map(_item, rows), more, is_checked=True, order=7)


def _item(row: Version) -> AgendaItem:
    changed = _("changed on %(day)s") % {"day": formats.day(row.changed_at)}
    return AgendaItem(
        title=str(row.checklist),
        url=row.checklist.get_absolute_url(),
        unit=name_of(row.checklist.unit),
        mark=_("Version %(number)s") % {"number": row.number},
        note=changed,
        step_label=_("Edit draft"),
        step_url=reverse("checklists:draft", args=[row.checklist_id]),
        subject=row.checklist.subject,
    )
