"""One row of a ledger, read by what its header says."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.hazards.rows import LedgerRow
from bihuan.ledgers import mapping
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.row_reader import RowReader
from bihuan.ledgers.wording import explain
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import RowRefused
from bihuan.sheets.ledger.units import Units
from tests.factories import TODAY
from tests.ledgers.kinds import HAZARD, HAZARDS

SHANGHAI = ZoneInfo("Asia/Shanghai")
GIVEN: dict[str, Any] = {"检查日期": date(2026, 9, 1), "场所": "综合楼", "隐患描述": "护栏松动"}


def reader(unit: Unit, values: dict[str, Any], wanted: Mapping | None) -> RowReader:
    header = [list(values), ["x"] * len(values)]
    over = mapping.laid_over(wanted, header) if wanted else mapping.guessed(header, HAZARD)[1]
    return RowReader(wanted or Mapping(), over, Units(unit), HAZARDS, zone=SHANGHAI, near=TODAY)


def read(unit: Unit, wanted: Mapping | None = None, /, **values: Any) -> LedgerRow:
    row = {**GIVEN, **values}
    found: LedgerRow
    (found,) = reader(unit, row, wanted).read(list(row.values())).rows
    return found


def faults(unit: Unit, wanted: Mapping | None = None, /, **values: Any) -> dict[str, Any]:
    """What was wrong, by field; every reason has its words."""
    with pytest.raises(RowRefused) as caught:
        read(unit, wanted, **values)
    assert all(explain(fault.refusal, "hazard") for fault in caught.value.faults)
    return {fault.field: fault.refusal for fault in caught.value.faults}
