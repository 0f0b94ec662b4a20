"""`make bench`: run all measurements. See docs/bench.md."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tools.bench import (
    answering,
    archives,
    backing_up,
    disposing,
    importing,
    intaking,
    pages,
    planning,
    registering,
    report,
    sites,
    ticking,
    trial,
)
from tools.bench.ground import Ground, ground
from tools.bench.measured import Failed
from tools.postgres import NoPostgres
from tools.processes import stop_when_told
from tools.visitor import Unexpected

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "var" / "bench"
LEAST_SIZE, MOST_SIZE = 5_000, 100_000  # ten times as many rows still fit on one sheet
WORKED = 40  # cases that officers worked on, with photos and a history
COPIES = 10  # of each case, if only the size of the archive matters
PARTS = (
    *("import", "trial", "pages", "tick", "journal", "public", "week", "backup", "disposal"),
    *("plans", "answers", "sites", "register"),
)


class Run:
    """One run: its databases, its size, its fixed instant, and the archives created so far."""

    def __init__(self, where: Ground, size: int) -> None:
        self._where, self._size = where, size
        self._now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - as commands do
        self._archives: dict[int, archives.Archive] = {}
        # SQLite is for small places: it is measured at one size only.
        self._sizes = (size, 10 * size) if where.server else (size,)

    def lines(self, part: str) -> Iterator[report.Line]:
        """Return the lines of one part; create the archives that it needs first."""
        if part == "import":
            yield from importing.measure(self._where, self._size, self._now.astimezone().date())
        elif part == "trial":
            yield from trial.measure(self._where, self._size, self._now.astimezone().date())
        elif part == "pages":
            yield from self._build(*self._sizes)
            yield from pages.measure(self._of(*self._sizes))
        elif part == "public":
            yield from self._build(*self._sizes)
            yield from intaking.measure(self._where, self._of(*self._sizes))
        elif part == "backup":
            yield from self._build(*self._sizes, copied=True)
            yield from backing_up.measure(self._where, self._of(*self._sizes))
        elif part in ("plans", "answers", "sites", "register"):
            yield from self._lines_of_sites(part)
        elif part == "week":
            yield from intaking.week(self._where, 2 * self._size)
        else:
            yield from self._lines_of_time(part)

    def _lines_of_sites(self, part: str) -> Iterator[report.Line]:
        """Measure plans and inspections, which need no archive of cases."""
        if part == "plans":
            yield from planning.measure(self._where, now=self._now)
        elif part == "sites":
            yield from registering.measure(self._where, today=self._now.astimezone().date())
        elif part == "register":
            yield from sites.measure(self._where, *self._sizes)
        else:
            yield from answering.measure(self._where)

    def _lines_of_time(self, part: str) -> Iterator[report.Line]:
        """Measure the background work, and the journal."""
        if part == "tick":
            ends = (self._size // 10, self._sizes[-1])
            yield from self._build(*ends)
            yield from ticking.tick(self._of(*ends), now=self._now)
        elif part == "disposal":
            # A smaller archive would have too few ended cases: each has at least 3,000 open ones.
            sizes = sorted({max(LEAST_SIZE, self._size // 10), self._sizes[-1]})
            yield from self._build(*sizes, copied=True)
            yield from disposing.measure(self._of(*sizes), now=self._now)
        else:
            yield from self._build(*self._sizes)
            yield from ticking.verify(self._of(*self._sizes))

    def _build(self, *sizes: int, copied: bool = False) -> Iterator[report.Line]:
        for size in sizes:
            if size not in self._archives:
                copies = COPIES if copied and size > MOST_SIZE else 1
                made = archives.build(
                    self._where, size, worked=WORKED, now=self._now, copies=copies
                )
                self._archives[size] = made
                yield made.line

    def _of(self, *sizes: int) -> list[archives.Archive]:
        return [self._archives[size] for size in sizes]


def main() -> int:
    stop_when_told()
    asked = _asked()
    try:
        with ground(asked.db) as where:
            conditions = _conditions(where, asked)
            print(json.dumps(conditions, ensure_ascii=False, indent=1), flush=True)
            lines = _measured(Run(where, asked.size), asked.only, conditions)
    except (Failed, NoPostgres, Unexpected) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    print(f"\n{report.table(lines)}", flush=True)
    return 0


def _measured(run: Run, parts: list[str], conditions: dict[str, object]) -> list[report.Line]:
    lines: list[report.Line] = []
    for part in parts:
        found = []
        for line in run.lines(part):
            print(f"{line.what}, {line.amount}: {line.measured}", flush=True)
            found.append(line)
        report.write(RESULTS, str(conditions["day"]), part, found, conditions)
        lines += found
    return lines


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="cases; ten times as many later")
    parser.add_argument("--db", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    if not LEAST_SIZE <= asked.size <= MOST_SIZE:
        parser.error(f"SIZE={asked.size}: from {LEAST_SIZE} to {MOST_SIZE}")
    return asked


def _conditions(where: Ground, asked: argparse.Namespace) -> dict[str, object]:
    """Return the conditions of a run, which are needed to compare it with another."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "day": datetime.now(UTC).astimezone().date().isoformat(),  # noqa: TID251 - as commands do
        "commit": commit,
        "size": asked.size,
        "processor": processor[1] if processor else platform.machine(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **json.loads(where.database("conditions").inside("engine").last_line),
    }


if __name__ == "__main__":
    sys.exit(main())
