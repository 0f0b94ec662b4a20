"""The meaning of the words in a cell: stages, and whether a matter has ended.

The lists are in `words.toml`; the words of one type of ledger are parsed by its own app.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize

from bihuan.sheets import values
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.reader import Cell

# The suffix of the stage of a case closed by a ledger alone and not confirmed here.
UNVERIFIED = "（导入，未核实）"
_WORDS = Path(__file__).parent.parent / "words.toml"


def plain(text: str) -> str:
    """Normalise words without spaces and to common letters."""
    return "".join(normalize("NFKC", text).split()).casefold()


def lists(path: Path) -> Map[str, Map[str, Sequence[str]]]:
    """Load the lists of words from a file: for each column, the words of each meaning."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def answers(listed: Map[str, Sequence[str]]) -> dict[str, bool]:
    """Return the words for yes and for no, for use with `known`."""
    return {plain(word): answer == "yes" for answer, value in listed.items() for word in value}


def says_nothing(text: str) -> bool:
    """Whether the words are a dash or similar."""
    return values.NOTHING.fullmatch(text) is not None


def known(field: str, meanings: Map[str, Any], text: str, shown: Sequence[str] = ()) -> Any:
    """Return the meaning of the words; `shown` are offered if they have none."""
    found = meanings.get(plain(text))
    if found is None and not says_nothing(text):
        raise UnknownWord(field, values.short(text), shown)
    return found


def stage(stages: Map[str, str], cell: Cell) -> Any:
    """Return the stage of the loop, by its own name or the one in workbooks (`stages`).

    Whether a closure is confirmed is determined here again, regardless of the export.
    """
    meanings = {plain(value): name for name, value in stages.items()} | {
        name: name for name in stages
    }
    meanings |= {plain(value + UNVERIFIED): name for name, value in stages.items()}
    return known("stage", meanings, values.text(cell), list(stages.values()))


_ENDED = answers(lists(_WORDS)["ended"])
Convert = Callable[[Cell], Any]


def ended(meanings: Map[str, str], title: str) -> Convert:
    """Return the parser of a column that says whether a matter in a register has ended.

    `meanings` are the meanings that the user gave to words of this file, `title` is the column's
    header.
    """
    return partial(_ended, meanings)


def _ended(meanings: Map[str, str], cell: Cell) -> bool | None:
    text = values.text(cell)
    answer = meanings.get(text)
    if answer is not None:
        return {"yes": True, "no": False}.get(answer)
    if isinstance(cell, bool):
        return cell
    found: bool | None = known("closed", _ENDED, text, ("是", "否"))
    return found
