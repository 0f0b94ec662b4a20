"""The results: saved as JSON, and shown as one table with the peer or limit next to each figure."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One figure. `holds` is None if there is no limit."""

    what: str
    amount: str
    measured: str
    beside: str = ""
    holds: bool | None = None
    figures: dict[str, float] = field(default_factory=dict)


VERDICTS = {True: "holds", False: "MISSED", None: ""}
HEADINGS = ("what", "how much", "measured", "peer or limit", "")


def table(lines: Sequence[Line]) -> str:
    """Format the lines as a table with aligned columns."""
    cells = [
        HEADINGS,
        *(
            (line.what, line.amount, line.measured, line.beside, VERDICTS[line.holds])
            for line in lines
        ),
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    shown = [_padded(row, widths) for row in cells]
    return "\n".join([shown[0], "-" * _width(shown[0]), *shown[1:]])


def write(folder: Path, day: str, what: str, lines: Iterable[Line], conditions: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}-{what}.json"
    kept = {"conditions": conditions, "lines": [asdict(line) for line in lines]}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    return path


def _padded(row: Iterable[str], widths: Iterable[int]) -> str:
    cells = zip(row, widths, strict=True)
    return "  ".join(text + " " * (width - _width(text)) for text, width in cells).rstrip()


def _width(text: str) -> int:
    """Return the width of the text in a terminal; a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
