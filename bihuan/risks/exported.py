"""The register of risks as a workbook; the export is journaled, as that of the ledger is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.risks.ledger import LEDGER, lines
from bihuan.risks.models import RiskPoint
from bihuan.sheets.writer import Heading, SheetTable, write_tables


def hand_out(
    out: BinaryIO,
    *,
    risks: QuerySet[RiskPoint, Any],
    asked: Mapping[str, str],
    actor: User,
    now: datetime,
) -> int:
    """Write these risks in the columns that can be imported again; return their number."""
    headings = [Heading(each.title, each.width) for each in LEDGER.vocabulary.fields]
    rows = write_tables(out, [SheetTable(LEDGER.sheet, headings, lines(risks))])
    with transaction.atomic():
        detail = {"register": "risks", "filter": dict(asked), "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    return rows
