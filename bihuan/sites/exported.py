"""The register of sites as a workbook that can be imported again; the export is journaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User
from bihuan.sheets.writer import Heading, SheetTable, write_tables
from bihuan.sites.ledger.types import LEDGER
from bihuan.sites.models import Site


def hand_out(
    out: BinaryIO,
    *,
    sites: QuerySet[Site, Any],
    asked: Mapping[str, str],
    actor: User,
    now: datetime,
) -> int:
    """Write these sites in the columns of their ledger; return their number."""
    headings = [Heading(each.title, each.width) for each in LEDGER.vocabulary.fields]
    written = LEDGER.lines(sites.select_related("operator_unit"), _units())
    rows = write_tables(out, [SheetTable(LEDGER.sheet, headings, written)])
    with transaction.atomic():
        detail = {"register": "sites", "filter": dict(asked), "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    return rows


def _units() -> dict[int, str]:
    """Return how each unit is written: by its name, or its code where several have the name."""
    units = list(Unit.objects.values_list("pk", "name", "code"))
    count = Counter(name for _pk, name, _code in units)
    return {pk: code if count[name] > 1 else name for pk, name, code in units}
