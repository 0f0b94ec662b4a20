"""Parse the values of cells: plain text, an amount of money, yes or no. `dates.py` parses dates.

Two million cells pass through here in one import, so each function handles the most common form
first and caches the texts that it has parsed; ledgers repeat themselves.
"""

import re
import unicodedata
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from bihuan.core import legible
from bihuan.core.masking import masked
from bihuan.sheets.reader import Broken, Cell
from bihuan.sheets.refusals import CellFault, CellRefused

REMEMBERED = 1 << 14
# Per column: enough for the days of ten years, or for the units and officers of a county.
REMEMBERED_CELLS = 1 << 12
SHOWN = 60
NOTHING = re.compile(r"[-/\\—]*|暂?无|n/?a|none|null", re.IGNORECASE)
"""What offices write in a cell without content."""


# ---------------------------------------------------------------------- text
def text(cell: Cell, *, most: int | None = None) -> str:
    """Return the cell as normalised text, with this maximum length."""
    if type(cell) is str:
        clean = cell.strip()
        if not clean.isprintable() or "_x000D_" in clean or not _is_composed(clean):
            clean = legible.clean(clean)
    else:
        clean = written(whole(cell))
    if most is not None and len(clean) > most:
        raise CellRefused(CellFault.TOO_LONG, short(clean), most)
    return clean


def whole(cell: Cell) -> Cell:
    """Return the cell unchanged; raise a refusal if its value was lost before the file was
    saved.
    """
    if type(cell) is Broken:
        unsaved = cell.kind == "unsaved_formula"
        raise CellRefused(
            CellFault.UNSAVED_FORMULA if unsaved else CellFault.ERROR_VALUE, short(cell.shown)
        )
    return cell


def _is_composed(clean: str) -> bool:
    return clean.isascii() or unicodedata.is_normalized("NFC", clean)


def written(cell: Cell) -> str:
    """Return the cell as a person sees it."""
    if isinstance(cell, Broken):
        return cell.shown
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    return str(cell)


def short(found: str) -> str:
    """Shorten a text for a message, and remove anything that identifies a person."""
    found = masked(found).text
    return found if len(found) <= SHOWN else found[: SHOWN - 1] + "…"


# --------------------------------------------------------------------- money
TEN_THOUSAND = Decimal(10_000)
_UNITS = {
    "": None,
    "元": Decimal(1),
    "圆": Decimal(1),
    "千元": Decimal(1_000),
    "万": TEN_THOUSAND,
    "万元": TEN_THOUSAND,
    "亿": TEN_THOUSAND * TEN_THOUSAND,
    "亿元": TEN_THOUSAND * TEN_THOUSAND,
}
_AMOUNT = re.compile(
    r"(?:大约|约|预计|人民币|共|计)*[¥$]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(元|圆|千元|万元?|亿元?|)(?:人民币)?(?:整|左右)?"
)
_NO_MONEY = re.compile("无|零|免费|不需要|无需(资金)?")
_CENT = Decimal("0.01")
_MOST_YUAN = Decimal(10) ** 12


def money(cell: Cell, unit: Decimal = Decimal(1)) -> Decimal | None:
    """Return the amount in yuan; `unit` is the unit of bare numbers declared in the header;
    None if blank.
    """
    if type(cell) is str:
        return _money(cell, unit) if cell else None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _yuan(written(cell), repr(cell), unit)
    raise CellRefused(CellFault.NOT_MONEY, written(whole(cell)))


@lru_cache(REMEMBERED)
def _money(found: str, unit: Decimal) -> Decimal | None:
    plain = "".join(unicodedata.normalize("NFKC", found).split()).replace("\u00a5", "¥")
    if _NO_MONEY.fullmatch(plain):
        return Decimal(0)
    if NOTHING.fullmatch(plain):
        return None
    amount = _AMOUNT.fullmatch(plain)
    if amount is None:
        raise CellRefused(CellFault.NOT_MONEY, short(found))
    return _yuan(short(found), amount[1].replace(",", ""), _UNITS[amount[2]] or unit)


def _yuan(shown: str, number: str, unit: Decimal) -> Decimal:
    try:
        yuan = (Decimal(number) * unit).quantize(_CENT, ROUND_HALF_UP)
        fits = 0 <= yuan < _MOST_YUAN
    except InvalidOperation:
        fits = False
    if not fits:
        raise CellRefused(CellFault.NOT_MONEY, shown)
    return yuan
