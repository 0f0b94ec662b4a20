"""Whether a suggestion was adopted, in the words of a register. The lists are in `words.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bihuan.sheets import values
from bihuan.sheets.ledger.reading import words
from bihuan.sheets.reader import Cell

ADOPTED = {True: "采纳", False: "不采纳"}
_WORDS = words.answers(words.lists(Path(__file__).with_name("words.toml"))["adopted"])


def adopted(cell: Cell) -> Any:
    """Parse a cell."""
    return words.known("adopted", _WORDS, values.text(cell), list(ADOPTED.values()))
