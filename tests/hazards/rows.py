"""Rows of a hazard ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.timezone import get_default_timezone

from bihuan.hazards.rows import LedgerRow
from bihuan.orgs.models import Unit

ZONE = get_default_timezone()
FOUND, DUE = date(2026, 9, 1), date(2026, 9, 30)


def hazard_row(unit: Unit, **values: Any) -> LedgerRow:
    """An open hazard of this unit with a deadline, unless the row says otherwise."""
    row = LedgerRow(
        title="护栏松动",
        place="综合楼",
        owner=unit.pk,
        origin=unit.pk,
        reported_at=datetime.combine(FOUND, datetime.min.time(), ZONE),
        found_date=FOUND,
        deadline_date=DUE,
    )
    return row._replace(**values)
