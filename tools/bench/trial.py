"""The cost of a dry run of a ledger, as .xlsx and as .csv, compared with reading the file only."""

import json
from collections.abc import Generator, Iterator
from datetime import date

from tools.bench.ground import Database, Ground
from tools.bench.hazards import COUNTY
from tools.bench.importing import MEBIBYTE, MOST_TIMES_AS_LONG, reading_by
from tools.bench.measured import Failed, Taken
from tools.bench.report import Line
from tools.bench.workbook import write

MOST_MEMORY = 500 * MEBIBYTE
PEERS = {".xlsx": "openpyxl", ".csv": "csv"}


def measure(ground: Ground, size: int, today: date) -> Iterator[Line]:
    """Measure a dry run of this number of rows and of ten times as many, in both formats."""
    database = ground.database("trial")
    for suffix in PEERS:
        first = yield from _tried(ground, database, suffix, size, today)
        large = yield from _tried(ground, database, suffix, 10 * size, today)
        # Processor time: other processes on the machine do not affect it.
        times = large.cpu_seconds / first.cpu_seconds
        yield Line(
            f"dry run of {suffix}, ten times the rows",
            f"{10 * size:,} rows",
            f"{times:.1f} times the processor time",
            f"at most {MOST_TIMES_AS_LONG} times",
            times <= MOST_TIMES_AS_LONG,
            {"times": times},
        )


def _tried(
    ground: Ground, database: Database, suffix: str, rows: int, today: date
) -> Generator[Line, None, Taken]:
    path = ground.folder / f"trial_{rows}{suffix}"
    write(path, rows, today=today)
    peer = reading_by(PEERS[suffix], path, rows)
    taken = database.bihuan(
        "import", str(path), "--kind", "hazard", "--unit", COUNTY, "--dry-run", "--json",
        "--rows", str(rows + rows // 10),
    )  # fmt: skip
    path.unlink()
    counts = json.loads(taken.last_line)
    if counts["created"] != rows:
        raise Failed(f"of {rows} rows not all would be created: {counts}")
    yield Line(
        f"dry run of {suffix}",
        f"{rows:,} rows",
        f"{taken.seconds:.1f} s ({taken.cpu_seconds:.1f} s of processor)",
        f"{PEERS[suffix]} reads it in {peer.seconds:.1f} s ({peer.cpu_seconds:.1f} s)",
        None,
        {
            "seconds": taken.seconds,
            "cpu_seconds": taken.cpu_seconds,
            "peer_seconds": peer.seconds,
            "peer_cpu_seconds": peer.cpu_seconds,
        },
    )
    yield Line(
        f"memory of the dry run of {suffix}, all its processes",
        f"{rows:,} rows",
        f"{taken.peak_bytes / MEBIBYTE:.0f} MB (largest {taken.largest_bytes / MEBIBYTE:.0f} MB)",
        f"at most {MOST_MEMORY // MEBIBYTE} MB",
        taken.peak_bytes <= MOST_MEMORY,
        {"peak_bytes": taken.peak_bytes, "largest_bytes": taken.largest_bytes},
    )
    return taken
