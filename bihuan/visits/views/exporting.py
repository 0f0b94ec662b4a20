"""The lists of bound and unbound sites as workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.files.views import workbook
from bihuan.orgs import naming
from bihuan.orgs.http import SignedInRequest
from bihuan.sheets.wording import not_all
from bihuan.sheets.writer import Heading, SheetTable, Value, up_to, write_tables
from bihuan.visits import queries, wording
from bihuan.visits.views.lists import Chosen, found_bound, found_unbound

# A workbook is made while the page waits; larger lists are filtered by unit.
AT_MOST = 20_000


@require_safe
@never_cache
def bound(request: SignedInRequest) -> HttpResponseBase:
    """Download the bound sites that the list shows."""
    now = timezone.now()
    found, _query = found_bound(request, Chosen.of(request, now), now)
    headings = [
        Heading(_("Site"), 32),
        Heading(_("Short code")),
        Heading(pgettext("site", "Kind"), 16),
        Heading(_("Unit"), 24),
        Heading(pgettext("site", "Address"), 32),
        Heading(_("Post that visits"), 32),
        Heading(_("Group"), 16),
        Heading(_("Frequency"), 16),
        Heading(_("Last visit")),
        Heading(_("Next visit by")),
        Heading(_("State")),
    ]
    rows = _bound(found, localdate(now))
    return _answer(_("Bound sites"), headings, rows, localdate(now))


def _bound(found: queries.Bindings, on: date) -> Iterator[Sequence[Value]]:
    for each in found.order_by("site__unit__path", "pk")[: AT_MOST + 1]:
        site = each.site
        yield (
            site.name,
            site.code,
            str(site.site_kind),
            naming.name_of(site.unit),
            site.address,
            naming.seat_of(each.post),
            each.group.name if each.group else "",
            wording.every(each.every_days),
            each.last_date,
            each.due_date,
            str(wording.STATES[each.state(on)]),
        )


@require_safe
@never_cache
def unbound(request: SignedInRequest) -> HttpResponseBase:
    """Download the sites without a post that the list shows."""
    now = timezone.now()
    found, _query = found_unbound(request, Chosen.of(request, now), now)
    headings = [
        Heading(_("Site"), 32),
        Heading(_("Short code")),
        Heading(pgettext("site", "Kind"), 16),
        Heading(_("Unit"), 24),
        Heading(pgettext("site", "Address"), 32),
    ]
    rows: Iterator[Sequence[Value]] = (
        (each.name, each.code, str(each.site_kind), naming.name_of(each.unit), each.address)
        for each in found.order_by("unit__path", "pk")[: AT_MOST + 1]
    )
    return _answer(_("Sites without a post"), headings, rows, localdate(now))


def _answer(
    name: str, headings: list[Heading], rows: Iterator[Sequence[Value]], on: date
) -> HttpResponseBase:
    out = BytesIO()
    write_tables(out, [SheetTable(name, headings, up_to(rows, AT_MOST, not_all(AT_MOST)))])
    out.seek(0)
    return workbook(out, f"{name} {on.isoformat()}")
