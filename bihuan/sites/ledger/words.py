"""The words in a ledger of sites: kinds, papers, regulators, coordinates and states."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from unicodedata import normalize

from bihuan.core.masking import masked
from bihuan.core.numerals import whole
from bihuan.core.shapes import DIGITS
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind
from bihuan.sheets.ledger.reading.words import known, lists, plain, says_nothing
from bihuan.sheets.reader import Cell
from bihuan.sites import catalogue
from bihuan.sites.rows import CLOSED, OPEN, PaperRow

MOST_COUNTED = 1_000_000
STATES = {OPEN: "在用", CLOSED: "已关闭"}
GENERAL_PERMIT, OTHER_PAPER = "operating_permit", "other"
_LISTS = lists(Path(__file__).with_name("words.toml"))
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})")
_ENDLESS = re.compile("长期|永久|无固定期限|无期限")
_NUMBER, _UNTIL = " 编号 ", " 有效期至 "
_COUNT = re.compile(r" (\d{1,6}) 份$")
NUMBER_LENGTH, TITLE_LENGTH = 60, 80


# -------------------------------------------------------------------- kinds, states
@cache
def _kinds() -> Mapping[str, str]:
    return _meanings(catalogue.kinds().values(), _LISTS["kinds"])


@cache
def _papers() -> Mapping[str, str]:
    return _meanings(catalogue.paper_kinds().values(), _LISTS["papers"])


def _meanings(
    named: Iterable[catalogue.Named], others: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """Return the keys by their names in both languages, by themselves, and by other words."""
    found = {plain(word): key for key, listed in others.items() for word in listed}
    for each in named:
        found |= {plain(word): each.key for word in (each.words.zh, each.words.en, each.key)}
    return found


def kind(cell: Cell) -> str | None:
    shown = [each.words.zh for each in catalogue.kinds().values()]
    found: str | None = known("kind", _kinds(), values.text(cell), shown)
    return found


_STATES = {plain(word): state for state, listed in _LISTS["states"].items() for word in listed}


def state(cell: Cell) -> str | None:
    found: str | None = known("state", _STATES, values.text(cell), list(STATES.values()))
    return found


# ------------------------------------------------------------------- plain texts
def code(cell: Cell) -> str:
    return values.text(cell, most=10)


def name(cell: Cell) -> str | Aside:
    return _without_people("name", values.text(cell, most=120))


def operator(cell: Cell) -> str | Aside:
    return _without_people("operator", values.text(cell, most=120))


def _without_people(field: str, text: str) -> str | Aside:
    kept = masked(text)
    return Aside(kept.text, (Note(NoteKind.MASKED, field),)) if kept.found else text


# ------------------------------------------------------------------- coordinates
def latitude(cell: Cell) -> float | None:
    return _degrees("latitude", cell, 90)


def longitude(cell: Cell) -> float | None:
    return _degrees("longitude", cell, 180)


def _degrees(field: str, cell: Cell, most: int) -> float | None:
    text = normalize("NFKC", values.text(cell)).strip("°度")
    if says_nothing(text):
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        raise UnknownWord(field, values.short(text))
    return round(number, DIGITS)


# -------------------------------------------------------------------- regulators
def regulators(cell: Cell) -> tuple[tuple[str, str], ...]:
    """Return pairs of a trade (empty if the cell names none) and the name of a unit."""
    text = values.text(cell)
    parts = [part.strip() for part in re.split(r"[;；\n、]", text)]
    return tuple(_regulator(part) for part in parts if not says_nothing(part))


def _regulator(part: str) -> tuple[str, str]:
    trade, colon, unit = part.replace(":", "：").partition("：")
    if not colon:
        return "", part
    trades = {plain(each.words.zh): key for key, each in catalogue.trades().items()}
    found = known("regulators", trades, trade, [t.words.zh for t in catalogue.trades().values()])
    return found or "", unit.strip()


def trade_of(unit: str) -> str:
    """Return the trade in which a unit with this name regulates."""
    hinted = (key for key, hints in _LISTS["trades"].items() if any(hint in unit for hint in hints))
    return next(hinted, catalogue.OTHER)


# ------------------------------------------------------------------------ papers
def permit(cell: Cell) -> tuple[str, str]:
    """Return the kind of the paper, and its name if no kind says it."""
    return _paper_kind(values.text(cell))


def _paper_kind(text: str) -> tuple[str, str]:
    if says_nothing(text):
        return "", ""
    found = _papers().get(plain(text))
    if found is None and len(text) > TITLE_LENGTH:
        raise UnknownWord("papers", values.short(text))
    return (found, "") if found else (OTHER_PAPER, masked(text).text)


def number(cell: Cell) -> str | None:
    text = values.text(cell, most=NUMBER_LENGTH)
    return None if says_nothing(text) else text


def expires(cell: Cell) -> date | None:
    """Return the last day that the cell names; none for a paper without an end."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = normalize("NFKC", values.text(cell))
    days = _DAY.findall(text)
    if not days:
        if says_nothing(text) or _ENDLESS.search(text):
            return None
        raise UnknownWord("permit_expires", values.short(text))
    try:
        return date(*map(int, days[-1]))
    except ValueError as error:
        raise UnknownWord("permit_expires", values.short(text)) from error


def papers(cell: Cell) -> tuple[PaperRow, ...]:
    """Read the papers as `written_papers` writes them: one in each line."""
    text = values.text(cell)
    is_ours = "\n" in text or _NUMBER in text or _UNTIL in text
    lines = text.split("\n") if is_ours else re.split("[；;]", text)
    return tuple(_paper(line.strip()) for line in lines if not says_nothing(line.strip()))


def _paper(line: str) -> PaperRow:
    head, _until, until = line.partition(_UNTIL)
    count = _COUNT.search(head)
    head = head[: count.start()] if count else head
    kind_text, _number, number_text = head.partition(_NUMBER)
    kind_key, title = _paper_kind(kind_text.strip())
    if len(number_text) > NUMBER_LENGTH or not kind_key:
        raise UnknownWord("papers", values.short(line))
    return PaperRow(
        kind=kind_key,
        title=title,
        number=number_text.strip(),
        expires_date=expires(until) if until else None,
        count=whole(count[1], most=MOST_COUNTED) if count else None,
    )


def written_papers(held: Iterable[PaperRow]) -> str:
    """Return the papers as text, one in each line."""
    return "\n".join(map(_written, held))


def _written(paper: PaperRow) -> str:
    parts = [paper.name]
    if paper.number:
        parts.append(f"{_NUMBER}{paper.number}")
    if paper.count is not None:
        parts.append(f" {paper.count} 份")
    if paper.expires_date:
        parts.append(f"{_UNTIL}{paper.expires_date.isoformat()}")
    return "".join(parts)
