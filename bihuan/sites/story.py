"""The history of a site, with what each act was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.journal import queries as journal
from bihuan.sites import catalogue, wording
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site
from bihuan.web import subjects, timeline

MAJOR = frozenset({SiteAct.REGISTER, SiteAct.CLOSE, SiteAct.REOPEN, SiteAct.MOVE})


def of(site: Site, seen: frozenset[str]) -> timeline.Timeline:
    """Return the newest entries; only cases that the officer sees at the site are named."""
    rows = journal.page(site.subject)
    details = {row.seq: row.details for row in rows[: timeline.AT_ONCE]}
    shown = (
        timeline.TimelineEntry(
            seq=row.seq,
            at=row.at,
            act=wording.DONE[row.act],
            who=row.actor.name if row.actor else "",
            note=row.note,
            details=list(_details(details[row.seq], seen)),
            is_major=row.act in MAJOR,
        )
        for row in rows[: timeline.AT_ONCE]
        if row.act in wording.DONE
    )
    url = reverse("web:timeline", args=subjects.parted(site.subject))
    return timeline.page(rows, shown, url)


def _details(detail: Mapping[str, Any], seen: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Return what an entry is about, as pairs of a label and its words."""
    if "paper" in detail:
        yield _("Paper"), detail.get("title") or str(catalogue.paper_kind(detail["paper"]))
    if detail.get("expires_date"):
        yield _("Expires on"), formats.day(date.fromisoformat(detail["expires_date"]))
    if "equipment" in detail:
        yield _("Equipment"), f"{detail['equipment']} × {detail['count']}"
    if detail.get("case") in seen:
        yield _("Case"), detail["case"]
    if detail.get("fields"):
        yield (
            _("Fields"),
            formats.names(wording.FIELDS.get(name, name) for name in detail["fields"]),
        )
