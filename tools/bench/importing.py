"""The time to import a ledger, compared with reading the file only."""

import csv
import json
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tools.bench.ground import PYTHON, Database, Ground
from tools.bench.hazards import COUNTY
from tools.bench.measured import Failed, Taken, run
from tools.bench.report import Line
from tools.bench.workbook import write

MEBIBYTE = 1 << 20
MOST_MEMORY = 500 * MEBIBYTE
MOST_TIMES_AS_LONG = 11


def measure(ground: Ground, size: int, today: date) -> Iterator[Line]:
    """Measure the import of the ledger, a repeated import, and ten times the rows."""
    path = _workbook(ground, size, today)
    peers = {peer: read_by(peer, path, size) for peer in ("openpyxl", "calamine")}
    for peer, seconds in peers.items():
        yield Line(f"{peer} reads the file", f"{size:,} rows", f"{seconds:.1f} s")
    database = ground.database("importing")
    first = _imported(database, path, "created", size)
    yield Line(
        "import",
        f"{size:,} rows",
        f"{first.seconds:.1f} s ({first.cpu_seconds:.1f} s of processor)",
        f"openpyxl reads it in {peers['openpyxl']:.1f} s",
        first.seconds <= peers["openpyxl"],
        {"seconds": first.seconds, "cpu_seconds": first.cpu_seconds, **peers},
    )
    yield _memory(size, first)
    indexed = database.inside("index")
    made_findable = json.loads(indexed.last_line)["cases"]
    if made_findable != size:
        raise Failed(f"of {size:,} cases, {made_findable:,} were made findable")
    yield Line(
        "words made findable, by the worker after it", f"{size:,} rows", f"{indexed.seconds:.1f} s"
    )
    again = _imported(database, path, "unchanged", size)
    yield Line("the same import again, all unchanged", f"{size:,} rows", f"{again.seconds:.1f} s")
    if ground.server:
        yield from _ten_times(ground, size, first, today)


def _ten_times(ground: Ground, size: int, first: Taken, today: date) -> Iterator[Line]:
    path = _workbook(ground, 10 * size, today)
    most = str(11 * size)
    large = _imported(ground.database("importing_10"), path, "created", 10 * size, "--rows", most)
    times = large.seconds / first.seconds
    yield Line(
        "import, ten times the rows",
        f"{10 * size:,} rows",
        f"{large.seconds:.1f} s, {times:.1f} times as long",
        f"at most {MOST_TIMES_AS_LONG} times",
        times <= MOST_TIMES_AS_LONG,
        {"seconds": large.seconds, "cpu_seconds": large.cpu_seconds, "times": times},
    )
    yield _memory(10 * size, large)
    path.unlink()


def _workbook(ground: Ground, rows: int, today: date) -> Path:
    path = ground.folder / f"{rows}.xlsx"
    write(path, rows, today=today)
    return path


def _imported(database: Database, path: Path, outcome: str, rows: int, *options: str) -> Taken:
    taken = database.bihuan(
        "import", str(path), "--kind", "hazard", "--unit", COUNTY, "--json", *options
    )
    counts = json.loads(taken.last_line)
    if counts[outcome] != rows:
        raise Failed(f"of {rows} rows not all were {outcome}: {counts}")
    return taken


def _memory(rows: int, taken: Taken) -> Line:
    return Line(
        "memory of the import, all its processes",
        f"{rows:,} rows",
        f"{taken.peak_bytes / MEBIBYTE:.0f} MB (largest {taken.largest_bytes / MEBIBYTE:.0f} MB)",
        f"at most {MOST_MEMORY // MEBIBYTE} MB",
        taken.peak_bytes <= MOST_MEMORY,
        {"peak_bytes": taken.peak_bytes, "largest_bytes": taken.largest_bytes},
    )


# ------------------------------------------------------------------- the peers
def read_by(peer: str, path: Path, rows: int) -> float:
    """Return the seconds that the peer takes to read every cell, in a separate process."""
    return float(json.loads(reading_by(peer, path, rows).last_line)["seconds"])


def reading_by(peer: str, path: Path, rows: int) -> Taken:
    """Return the resources that the peer takes to read every cell, including the start of its
    process.
    """
    taken = run([PYTHON, "-m", "tools.bench.importing", peer, str(path)], {})
    found = json.loads(taken.last_line)["rows"] - 1  # the header
    if found != rows:
        raise Failed(f"of {rows:,} rows, {peer} read {found:,}")
    return taken


def _openpyxl(path: str) -> int:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))


def _calamine(path: str) -> int:
    from python_calamine import CalamineWorkbook

    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def _csv(path: str) -> int:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def main(peer: str, path: str) -> None:
    read = {"openpyxl": _openpyxl, "calamine": _calamine, "csv": _csv}[peer]
    began = time.perf_counter()
    rows = read(path)
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(*sys.argv[1:])
