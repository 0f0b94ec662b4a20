"""Disposal of cases: find, list and remove the same number in archives of two sizes."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate

from tools.bench.archives import Archive
from tools.bench.measured import Failed
from tools.bench.report import Line

LISTED = (1_000, 5_000)
MOST_TIMES_AS_LONG = 1.3
MIB = 1024 * 1024


def measure(archives: Sequence[Archive], *, now: datetime) -> Iterator[Line]:
    """Dispose of the same number of cases in the small archive and then in the large one."""
    told = (each.database.inside("disposable", now.isoformat()).last_line for each in archives)
    for count in fitting(min(json.loads(each)["cases"] for each in told)):
        before: dict[str, float] = {}
        for archive in archives:
            taken = archive.database.inside("disposed", count, now.isoformat())
            found = json.loads(taken.last_line)
            if found["cases"] != count:
                raise Failed(f"of {count:,} cases to dispose of, {found['cases']:,} went")
            yield _line(archive, count, found, taken.largest_bytes, before)
            before = before or found


def fitting(cases: int) -> list[int]:
    """Yield the sizes for which there are enough cases, one after the other."""
    sums = zip(LISTED, accumulate(LISTED), strict=True)
    found = [count for count, so_far in sums if so_far <= cases]
    if not found:
        raise Failed(
            f"an archive has {cases:,} cases to dispose of, fewer than the {LISTED[0]:,} that "
            "are measured; give a larger SIZE"
        )
    return found


def _line(
    archive: Archive, count: int, found: dict[str, float], memory: int, before: dict[str, float]
) -> Line:
    # Processor time: other processes on the machine do not affect it.
    longer = found["cpu_seconds"] / before["cpu_seconds"] if before else 0.0
    return Line(
        f"disposal of {count:,} cases, a file with every fifth",
        f"{archive.cases:,} cases",
        f"{found['going']:.1f} s ({found['cpu_seconds']:.1f} s of processor), "
        f"{memory / MIB:.0f} MiB of memory; listed and confirmed in {found['listing']:.1f} s; "
        f"{found['over']:,} due found in {found['due']:.2f} s"
        + (f"; {longer:.2f} times as long" if before else ""),
        f"at most {MOST_TIMES_AS_LONG} times" if before else "",
        longer <= MOST_TIMES_AS_LONG if before else None,
        {**found, "memory": memory},
    )
