"""Inspections: how long one answer takes at a steady rate."""

import json
from collections.abc import Iterator
from statistics import quantiles

from tools.bench.ground import Ground
from tools.bench.report import Line

SAVES, RATE, MOST_MS = 1_000, 50, 50


def measure(ground: Ground) -> Iterator[Line]:
    """Measure on a county without cases."""
    database = ground.database("answers")
    found = json.loads(database.inside("answers", SAVES, RATE).last_line)
    waited, cpu = found["milliseconds"], found["cpu_ms"]
    median, p95 = quantiles(waited, n=2)[0], quantiles(waited, n=20)[-1]
    yield Line(
        "one answer saved",
        f"{SAVES:,} at {RATE} a second",
        f"{p95:.0f} ms p95 ({cpu:.1f} ms of processor)",
        f"at most {MOST_MS} ms",
        p95 <= MOST_MS,
        {"p95_ms": p95, "median_ms": median, "cpu_ms": cpu},
    )
