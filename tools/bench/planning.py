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
    for sites in (SITES // 10, SITES):
        yield from _measured(where, sites, now)


def _measured(where: Ground, sites: int, now: datetime) -> Iterator[Line]:
    database = where.database(f"planned_{sites}")
    done = json.loads(database.inside("planned", sites, now.isoformat()).last_line)
    if done["planned"] != sites or done["failed"] or done["again"]:
        raise Failed(f"of {sites} inspections not each was planned once: {done}")
    amount = f"{sites:,} sites"
    for what, name, most in (
        ("rounds of a year, made", "making", MOST_SECONDS),
        ("rounds, a day with nothing due", "idle", MOST_SECONDS_A_DAY),
        ("marking a round as missed", "missing", MOST_SECONDS),
        ("a draw by lot", "drawing", MOST_SECONDS),
    ):
        seconds, cpu = done[name]
        yield Line(
            what, amount, f"{seconds:.2f} s ({cpu:.2f} s of processor)", f"at most {most} s",
            seconds <= most, {"seconds": seconds, "cpu_seconds": cpu},
        )  # fmt: skip
