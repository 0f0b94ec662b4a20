"""Inspections: how long one answer takes at a steady rate, and the register of many."""

import json
from collections.abc import Iterator
from statistics import quantiles

from tools.bench.ground import Ground
from tools.bench.report import Line

SAVES, RATE, MOST_MS = 1_000, 50, 50
MANY, MOST_PAGE_MS = 1_000_000, 100


def measure(ground: Ground) -> Iterator[Line]:
    """Measure on a county without cases; the register only on PostgreSQL."""
    database = ground.database("answers")
    found = json.loads(database.inside("answers", SAVES, RATE).last_line)["milliseconds"]
    yield _line("one answer saved", f"{SAVES:,} at {RATE} a second", found, MOST_MS)
    if ground.server:
        found = json.loads(database.inside("register", MANY).last_line)["milliseconds"]
        yield _line("register and page", f"{MANY:,} inspections", found, MOST_PAGE_MS)


def _line(what: str, amount: str, milliseconds: list[float], most: int) -> Line:
    p95 = quantiles(milliseconds, n=20)[-1]
    return Line(
        what,
        amount,
        f"{p95:.0f} ms p95",
        f"at most {most} ms",
        p95 <= most,
        {"p95_ms": p95, "median_ms": quantiles(milliseconds, n=2)[0]},
    )
