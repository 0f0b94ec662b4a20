"""The register of inspections as a workbook of all stages; the export is journaled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.inspections.listing import Filters
from bihuan.inspections.queries import Inspections
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.sheets.wording import not_all
from bihuan.sheets.writer import Heading, Value, up_to, write_table

MOST_ROWS = 50_000


def hand_out(filters: Filters, *, actor: User, now: datetime) -> BytesIO:
    """Write the inspections of the list; the columns name posts and units, and no person."""
    headings = [
        Heading(_("Number"), 16),
        Heading(_("Site"), 30),
        Heading(_("Place"), 30),
        Heading(pgettext("an inspection", "Kind"), 14),
        Heading(pgettext("an inspection", "Stage"), 10),
        Heading(_("Unit that inspects"), 24),
        Heading(_("Checklist"), 24),
        Heading(pgettext("an inspection", "Begun"), 18),
        Heading(pgettext("an inspection", "Ended"), 18),
        Heading(_("Failed items"), 10),
        Heading(_("Result"), 50),
    ]
    out = BytesIO()
    found = filters.found(actor, now).order_by("-pk")[: MOST_ROWS + 1]
    lines = up_to(_rows(found), MOST_ROWS, not_all(MOST_ROWS))
    rows = write_table(out, sheet=_("Inspections"), headings=headings, rows=lines)
    with transaction.atomic():
        detail = {"register": "inspections", "filter": filters.query, "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    out.seek(0)
    return out


def _rows(found: Inspections) -> Iterator[list[Value]]:
    for each in found.iterator(chunk_size=2000):
        yield [
            each.number,
            each.site.name,
            each.site.address,
            each.get_kind_display(),
            each.get_stage_display(),
            name_of(each.unit),
            each.list_name,
            _time(each.begun_at),
            _time(each.done_at or each.abandoned_at),
            each.failed_count if each.done_at else None,
            each.result or each.reason,
        ]


def _time(at: datetime | None) -> datetime | None:
    return localtime(at).replace(tzinfo=None, microsecond=0) if at else None
