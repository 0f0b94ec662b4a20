"""What the words of a cell mean: stages, and whether a matter has ended.

The lists are in `words.toml`; what a type of ledger has of its own is read by its own app.
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

# Behind the stage of a case that a ledger alone closed and nobody here has confirmed.
UNVERIFIED = "（导入，未核实）"
_WORDS = Path(__file__).parent.parent / "words.toml"


def plain(said: str) -> str:
    """The words without blanks, in the letters that all writings of them share."""
    return "".join(normalize("NFKC", said).split()).casefold()


def lists(path: Path) -> Map[str, Map[str, Sequence[str]]]:
    """The lists of words in a file: of each column, the words for each of its meanings."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def answers(listed: Map[str, Sequence[str]]) -> dict[str, bool]:
    """The words for yes and for no, as `known` looks them up."""
    return {plain(word): answer == "yes" for answer, said in listed.items() for word in said}


def says_nothing(said: str) -> bool:
    """Whether the words are a dash or the like."""
    return values.NOTHING.fullmatch(said) is not None


def known(field: str, meanings: Map[str, Any], said: str, shown: Sequence[str] = ()) -> Any:
    """What the words mean; `shown` are those that are offered where they mean nothing."""
    found = meanings.get(plain(said))
    if found is None and not says_nothing(said):
        raise UnknownWord(field, values.short(said), shown)
    return found


def stage(stages: Map[str, str], cell: Cell) -> Any:
    """The stage of the loop, by its own name or by the one that workbooks give it (`stages`).

    Whether a closure is confirmed is asked again here; what an export said of it does not count.
    """
    meanings = {plain(said): name for name, said in stages.items()} | {
        name: name for name in stages
    }
    meanings |= {plain(said + UNVERIFIED): name for name, said in stages.items()}
    return known("stage", meanings, values.text(cell), list(stages.values()))


_ENDED = answers(lists(_WORDS)["ended"])
Convert = Callable[[Cell], Any]


def ended(meant: Map[str, str], title: str) -> Convert:
    """How a column is read that says whether a matter in a register is over.

    `meant` is what a person said that words of this file mean, `title` the title of the column.
    """
    return partial(_ended, meant)


def _ended(meant: Map[str, str], cell: Cell) -> bool | None:
    said = values.text(cell)
    answer = meant.get(said)
    if answer is not None:
        return {"yes": True, "no": False}.get(answer)
    if isinstance(cell, bool):
        return cell
    found: bool | None = known("closed", _ENDED, said, ("是", "否"))
    return found
