"""Roots outside the database: the lines that are saved, mailed and printed, and read back.

A line has the same format everywhere, so that a printed sheet that was typed in again is as good as
the file: until when, the last entry's id, the number of chains, and the root in groups of eight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import get_default_timezone, localtime

from bihuan.journal.models import Anchor

HEADING = "# until, last entry, chains, root"
# Characters before a line in a quoted mail.
_QUOTED = "> \t"
_LINE = re.compile(
    r"(?P<until>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d\d:\d\d)\s+(?P<through>\d+)\s+"
    r"(?P<leaves>\d+)\s+(?P<root>(?:[0-9a-fA-F]\s*){64})"
)


@dataclass(frozen=True)
class HandedOut:
    """The root that a line records."""

    until_at: datetime
    through: int
    leaves: int
    root: bytes


class NotARoot(ValueError):
    """A line that begins like a root but is not valid; the argument is its line number."""


def line(anchor: Anchor) -> str:
    """Format a root as a line."""
    until = localtime(anchor.until_at, get_default_timezone()).isoformat(timespec="minutes")
    root = bytes(anchor.root).hex(" ", 4)
    return f"{until} {anchor.through:>10} {anchor.leaves:>7} {root}"


def read(lines: Iterable[str]) -> Iterator[HandedOut]:
    """Parse the roots in a file or mail; other text is skipped."""
    for number, text in enumerate(lines, start=1):
        said = text.strip().lstrip(_QUOTED)
        if not re.match(r"\d{4}-\d\d-\d\dT", said):
            continue
        found = _LINE.fullmatch(said)
        if found is None:
            raise NotARoot(number)
        try:
            until = datetime.fromisoformat(found["until"])
        except ValueError as error:
            raise NotARoot(number) from error
        root = bytes.fromhex("".join(found["root"].split()))
        yield HandedOut(until, int(found["through"]), int(found["leaves"]), root)
