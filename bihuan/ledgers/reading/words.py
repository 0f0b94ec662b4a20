"""What the words of a cell mean here: closings, grades, stages. The lists are in `words.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from bihuan.core.closing import Closing, together
from bihuan.core.hazard import Grade
from bihuan.ledgers.fields import DATA, GRADES, UNVERIFIED
from bihuan.ledgers.reading.faults import UnknownWord
from bihuan.ledgers.reading.notes import Aside, in_remark
from bihuan.sheets import values
from bihuan.sheets.reader import Cell

_SAYS_NOTHING = values.NOTHING.fullmatch
_WORDS = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))


def plain(said: str) -> str:
    """The words without blanks, in the letters that all writings of them share."""
    return "".join(normalize("NFKC", said).split()).casefold()


# -------------------------------------------------------------------- closings
_OF_THE_FIX = ("整改", "治理", "完成")


def asks_for_the_fix(title: str) -> bool:
    """Whether the column tells of the fix; others tell whether the hazard was struck off."""
    return any(word in title for word in _OF_THE_FIX)


_CLOSINGS = {
    plain(word): Closing(name) for name, listed in _WORDS["closed"].items() for word in listed
}
_TICKS = "√✓✔☑×✗✘"
_PARTS = re.compile(rf"[{_TICKS}]|[^{_TICKS},;/、。.!()\[\]:|]+")
_DAY = re.compile(r"(\d{2,4}[-年])?\d{1,2}[-月]\d{1,2}日?")
_SHARE = re.compile(r"(已?整改|已?完成|进度)*[1-9]?\d%")
# What a person answered for words that stand in none of the lists.
ANSWERS = {"yes": Closing.CLOSED, "no": Closing.UNFIXED, "verified": Closing.OPEN}


def closing(words: Map[str, str], of_the_fix: bool, cell: Cell) -> Closing | Aside | None:
    """What the cell says of the end; `of_the_fix` if its title asks whether the fix is done."""
    said = values.text(cell)
    if said in words:
        answer = words[said]
        return ANSWERS.get(answer) or (_closing(answer)[0] if answer else None)
    if _SAYS_NOTHING(said) and plain(said) not in _CLOSINGS:
        return None
    found, beside = _closing("1" if cell is True else "0" if cell is False else said)
    if found is Closing.OPEN and of_the_fix:
        found = Closing.UNFIXED
    return in_remark("closed", found, said) if beside else found


@lru_cache(values.REMEMBERED)
def _closing(said: str) -> tuple[Closing, bool]:
    """What the words mean together, and whether something stands beside them."""
    whole = plain(said)
    if whole in _CLOSINGS:
        return _CLOSINGS[whole], False
    parts = _PARTS.findall(whole)
    days = [part for part in parts if _DAY.fullmatch(part)]
    meant = [_meant(part) for part in parts if part not in days]
    found = together(frozenset(filter(None, meant)))
    if found is None or None in meant:
        raise UnknownWord("closed", values.short(said))
    return found, bool(days)


def _meant(part: str) -> Closing | None:
    return Closing.UNFIXED if _SHARE.fullmatch(part) else _CLOSINGS.get(part)


# ------------------------------------------------------------ grades and stages
_GRADES: dict[str, Grade] = {
    **{said: Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}隐患": Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}事故隐患": Grade(grade) for grade, said in GRADES.items()},
    **{grade.value: grade for grade in Grade},
}
_GRADES_BESIDE = frozenset(_WORDS["grade"]["beside"])


def grade(cell: Cell) -> Any:
    """The grade; one that is neither general nor major is kept in the remark."""
    said = values.text(cell)
    if plain(said) in _GRADES_BESIDE:
        return in_remark("grade", None, said)
    return _known("grade", _GRADES, said)


def stage(stages: Map[str, str], cell: Cell) -> Any:
    """The stage of the loop, by its own name or by the one that workbooks give it (`stages`).

    Whether a closure is confirmed is asked again here; what an export said of it does not count.
    """
    known = {plain(said): name for name, said in stages.items()} | {name: name for name in stages}
    known |= {plain(said + UNVERIFIED): name for name, said in stages.items()}
    return _known("stage", known, values.text(cell), list(stages.values()))


_ENDED = {
    plain(word): answer == "yes" for answer, listed in _WORDS["ended"].items() for word in listed
}


def ended(known: Map[str, str], cell: Cell) -> bool | None:
    """Whether the cell says that a matter in a register is over."""
    said = values.text(cell)
    answer = known.get(said)
    if answer is not None:
        return {"yes": True, "no": False}.get(answer)
    if isinstance(cell, bool):
        return cell
    found: bool | None = _known("closed", _ENDED, said, ("是", "否"))
    return found


_ADOPTED = {
    plain(word): answer == "yes" for answer, listed in _WORDS["adopted"].items() for word in listed
}


def adopted(cell: Cell) -> Any:
    """Whether a suggestion was adopted."""
    return _known("adopted", _ADOPTED, values.text(cell), ("采纳", "不采纳"))


def _known(field: str, known: Map[str, Any], said: str, shown: Sequence[str] = ()) -> Any:
    found = known.get(plain(said))
    if found is None and not _SAYS_NOTHING(said):
        raise UnknownWord(field, values.short(said), shown)
    return found
