"""Parse amounts of money, and texts that are not amounts."""

from __future__ import annotations

import re
from decimal import Decimal

from bihuan.sheets import values
from bihuan.sheets.ledger.reading.notes import Aside, in_remark
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused

_ROUGHLY = re.compile("约|预计|左右")
# Words for an amount without figures: it is asked for, not left out.
_AN_AMOUNT = re.compile(
    r"\d|若干|[数几零一二两三四五六七八九十百千万亿]+[多余]?(元|圆|块|万|千|百|亿)"
)


def money(field: str, unit: Decimal, cell: Cell) -> Decimal | Aside | None:
    """Return yuan; words without an amount, such as 业主自筹, are kept in the remark."""
    try:
        yuan = values.money(cell, unit)
    except CellRefused as refusal:
        if refusal.fault is CellFault.NOT_MONEY and _names_no_amount(cell):
            return in_remark(field, None, values.text(cell))
        raise
    if isinstance(cell, str) and yuan and _ROUGHLY.search(cell):
        return in_remark(field, yuan, values.text(cell))
    return yuan


def _names_no_amount(cell: Cell) -> bool:
    return isinstance(cell, str) and not _AN_AMOUNT.search(cell)
