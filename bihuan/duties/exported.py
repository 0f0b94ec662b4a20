"""The list of a post as a workbook (责任清单)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.duties.models import DutyQuerySet, Signature
from bihuan.orgs.naming import name_of, title_of
from bihuan.sheets.ledger.types import Value
from bihuan.sheets.writer import Heading, SheetTable, write_tables


def write(out: BinaryIO, duties: DutyQuerySet) -> int:
    """Write these duties, one row each; return their number."""
    headings = [
        Heading(_("Site"), 24),
        Heading(_("Unit in charge"), 20),
        Heading(pgettext("a duty", "Duty"), 18),
        Heading(pgettext("a duty", "Text of the duty"), 50),
        Heading(pgettext("a duty", "Source"), 30),
        Heading(_("Unit"), 20),
        Heading(pgettext("a duty", "Post"), 18),
        Heading(pgettext("a duty", "From"), 12),
        Heading(pgettext("a duty", "Until"), 12),
        Heading(pgettext("a duty", "Version"), 8),
        Heading(pgettext("a duty", "Signed"), 12),
    ]
    return write_tables(out, [SheetTable(_("Responsibilities"), headings, _rows(duties))])


def _rows(duties: DutyQuerySet) -> Iterator[Sequence[Value]]:
    found = list(duties)
    signed = {
        (duty, number): at
        for duty, number, at in Signature.objects.filter(duty__in=found)
        .order_by("pk")
        .values_list("duty", "number", "signed_at")
    }
    for duty in found:
        at = signed.get((duty.pk, duty.number)) if duty.is_signed else None
        yield [
            duty.site.name,
            name_of(duty.site.unit),
            str(duty.duty_kind),
            duty.text,
            duty.source,
            name_of(duty.post.unit),
            title_of(duty.post),
            duty.start_date,
            duty.end_date,
            duty.number,
            localdate(at) if at else "",
        ]
