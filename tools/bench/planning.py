"""Plans of inspections: making the rounds of a year, what a day costs, and a large draw."""

import json
from collections.abc import Iterator
from datetime import datetime

from tools.bench.ground import Ground
from tools.bench.measured import Failed
from tools.bench.report import Line

SITES = 20_000
MOST_SECONDS = 10
MOST_SECONDS_A_DAY = 1


def measure(where: Ground, *, now: datetime) -> Iterator[Line]:
    """A yearly plan for all sites, a day on which nothing is due, and a draw among all sites."""
    database = where.database("planned")
    done = json.loads(database.inside("planned", SITES, now.isoformat()).last_line)
    if done["planned"] != SITES or done["failed"] or done["again"]:
        raise Failed(f"of {SITES} inspections not each was planned once: {done}")
    amount = f"{SITES:,} sites"
    for what, name, most in (
        ("rounds of a year, made", "making", MOST_SECONDS),
        ("rounds, a day with nothing due", "idle", MOST_SECONDS_A_DAY),
        ("marking a round as missed", "missing", MOST_SECONDS),
        ("a draw by lot", "drawing", MOST_SECONDS),
    ):
        seconds = done[name]
        yield Line(
            what, amount, f"{seconds:.2f} s", f"at most {most} s", seconds <= most,
            {"seconds": seconds},
        )  # fmt: skip
