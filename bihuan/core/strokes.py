"""A drawn signature: lines of points, each from 0 to 1000 across and 0 to 400 down.

It is written as "12,30 14,33;20,40 22,41": lines apart by ";", points by " ".
"""

from __future__ import annotations

import re

WIDTH, HEIGHT = 1000, 400
LONGEST = 20_000
_LINE = re.compile(r"\d{1,4},\d{1,3}(?: \d{1,4},\d{1,3})*")


def read(given: str) -> str:
    """Return the drawing as it is stored; empty if it is none, or nothing was drawn."""
    if len(given) > LONGEST:
        return ""
    lines = [line.strip() for line in given.split(";") if line.strip()]
    if not all(map(_is_line, lines)) or sum(line.count(",") for line in lines) < 2:
        return ""
    return ";".join(lines)


def path(drawing: str) -> str:
    """Return the drawing as the path of an SVG picture."""
    return " ".join("M" + line.replace(" ", " L") for line in drawing.split(";") if line)


def _is_line(line: str) -> bool:
    if not _LINE.fullmatch(line) or not line.isascii():
        return False
    points = (point.split(",") for point in line.split(" "))
    return all(int(x) <= WIDTH and int(y) <= HEIGHT for x, y in points)
