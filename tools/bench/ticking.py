"""Background work and the journal: their cost in a small and in a large archive."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median
from time import perf_counter

from tools.bench.archives import Archive
from tools.bench.measured import Failed
from tools.bench.report import Line

DUE = 1_000
MANY, MOST_SECONDS = 50_000, 100
ROUNDS = 3
MOST_TIMES_AS_LONG = 1.3
LEAST_ROWS_A_SECOND = 100_000


def tick(archives: Sequence[Archive], *, now: datetime) -> Iterator[Line]:
    """Measure this number of clocks with due events, new ones each time."""
    small, large = archives
    seconds: dict[int, list[float]] = {small.cases: [], large.cases: []}
    for number in range(ROUNDS + 1):
        for archive in (small, large):
            archive.database.inside("due", DUE, 1_000 + number, now.isoformat())
            done = json.loads(archive.database.inside("tick", now.isoformat()).last_line)
            if done["clocks"] != DUE or done["failed"]:
                raise Failed(f"of {DUE} clocks not all were seen to: {done}")
            if number:  # the first round is a warm-up
                seconds[archive.cases].append(done["seconds"])
    base, grown = (median(seconds[archive.cases]) for archive in (small, large))
    yield Line("tick, 1,000 clocks due", f"{small.cases:,} cases", f"{base:.2f} s")
    yield Line(
        "tick, 1,000 clocks due",
        f"{large.cases:,} cases",
        f"{grown:.2f} s, {grown / base:.2f} times as long",
        f"at most {MOST_TIMES_AS_LONG} times",
        grown / base <= MOST_TIMES_AS_LONG,
        {"seconds": grown, "times": grown / base},
    )
    yield _many(large, now)


def _many(archive: Archive, now: datetime) -> Line:
    """After a long outage: two concurrent workers, which do nothing twice."""
    archive.database.inside("due", MANY, 2_000, now.isoformat())
    began = perf_counter()
    with ThreadPoolExecutor(2) as workers:
        ticks = [workers.submit(archive.database.inside, "tick", now.isoformat()) for _ in range(2)]
    seconds = perf_counter() - began
    done = [json.loads(each.result().last_line) for each in ticks]
    seen_to, failed = (sum(each[what] for each in done) for what in ("clocks", "failed"))
    if seen_to != MANY or failed:
        raise Failed(f"of {MANY} clocks not each was seen to once: {done}")
    shares = " and ".join(f"{each['clocks']:,}" for each in done)
    return Line(
        f"tick, {MANY:,} clocks due, two workers at once",
        f"{archive.cases:,} cases",
        f"{seconds:.0f} s ({shares} clocks)",
        f"at most {MOST_SECONDS} s",
        seconds <= MOST_SECONDS,
        {"seconds": seconds},
    )


def verify(archives: Sequence[Archive]) -> Iterator[Line]:
    """Verify the whole journal, after a warm-up."""
    for archive in archives:
        found = [json.loads(archive.database.inside("verify").last_line) for _ in range(2)][1]
        if not found["ok"]:
            raise Failed("journal verify found a break")
        per_second = found["entries"] / found["seconds"]
        per_cpu = found["entries"] / found["cpu_seconds"]
        yield Line(
            "journal verify",
            f"{found['entries']:,} rows",
            f"{per_cpu:,.0f} rows a second of processor; {per_second:,.0f} a second as it went",
            f"at least {LEAST_ROWS_A_SECOND:,} a second a core",
            per_cpu >= LEAST_ROWS_A_SECOND,
            {"seconds": found["seconds"], "cpu_seconds": found["cpu_seconds"]},
        )
