"""The meaning of the words in a hazard ledger: closures, grades, recurrences.

The lists are in `words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bihuan.core.closing import Closing, together
from bihuan.core.hazard import Grade
from bihuan.core.numerals import whole
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.ledger.reading.notes import Aside, in_remark
from bihuan.sheets.ledger.reading.words import Convert, known, lists, plain, says_nothing
from bihuan.sheets.reader import Cell

GRADES = {"general": "一般", "major": "重大"}
MOST_REBOUNDS = 999
_WORDS = lists(Path(__file__).with_name("words.toml"))


# -------------------------------------------------------------------- closings
_OF_THE_FIX = ("整改", "治理", "完成")


def asks_for_the_fix(title: str) -> bool:
    """Whether the column is about the fix; others are about the closure of the hazard."""
    return any(word in title for word in _OF_THE_FIX)


_CLOSINGS = {
    plain(word): Closing(name) for name, listed in _WORDS["closed"].items() for word in listed
}
_TICKS = "√✓✔☑×✗✘"
_PARTS = re.compile(rf"[{_TICKS}]|[^{_TICKS},;/、。.!()\[\]:|]+")
_DAY = re.compile(r"(\d{2,4}[-年])?\d{1,2}[-月]\d{1,2}日?")
_SHARE = re.compile(r"(已?整改|已?完成|进度)*[1-9]?\d%")
# What the user answered for words that are in none of the lists.
ANSWERS = {"yes": Closing.CLOSED, "no": Closing.UNFIXED, "verified": Closing.OPEN}


def closing(meanings: Map[str, str], title: str) -> Convert:
    """Return the parser of a column with this header that says whether the hazard is closed."""
    return partial(_said, meanings, asks_for_the_fix(title))


def _said(meanings: Map[str, str], of_the_fix: bool, cell: Cell) -> Closing | Aside | None:
    """Return what the cell says about the end; `of_the_fix` if its header is about the fix."""
    text = values.text(cell)
    if text in meanings:
        answer = meanings[text]
        return ANSWERS.get(answer) or (_closing(answer)[0] if answer else None)
    if says_nothing(text) and plain(text) not in _CLOSINGS:
        return None
    found, related = _closing("1" if cell is True else "0" if cell is False else text)
    if found is Closing.OPEN and of_the_fix:
        found = Closing.UNFIXED
    return in_remark("closed", found, text) if related else found


@lru_cache(values.REMEMBERED)
def _closing(text: str) -> tuple[Closing, bool]:
    """Return what the words mean together, and whether there is other text."""
    whole = plain(text)
    if whole in _CLOSINGS:
        return _CLOSINGS[whole], False
    parts = _PARTS.findall(whole)
    days = [part for part in parts if _DAY.fullmatch(part)]
    meanings = [_meant(part) for part in parts if part not in days]
    found = together(frozenset(filter(None, meanings)))
    if found is None or None in meanings:
        raise UnknownWord("closed", values.short(text))
    return found, bool(days)


def _meant(part: str) -> Closing | None:
    return Closing.UNFIXED if _SHARE.fullmatch(part) else _CLOSINGS.get(part)


# ------------------------------------------------------------------------ grades
_GRADES: dict[str, Grade] = {
    **{said: Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}隐患": Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}事故隐患": Grade(grade) for grade, said in GRADES.items()},
    **{grade.value: grade for grade in Grade},
}
_GRADES_BESIDE = frozenset(_WORDS["grade"]["beside"])


def grade(cell: Cell) -> Any:
    """Return the grade; other values are kept in the remark."""
    text = values.text(cell)
    if plain(text) in _GRADES_BESIDE:
        return in_remark("grade", None, text)
    return known("grade", _GRADES, text, list(GRADES.values()))


def rebounds(cell: Cell) -> int | Aside:
    """Return the number of recurrences; other values are kept in the remark."""
    text = values.text(cell)
    if values.NOTHING.fullmatch(text):
        return 0
    count = whole(plain(text), most=MOST_REBOUNDS)
    return in_remark("rebounds", 0, text) if count is None else count
