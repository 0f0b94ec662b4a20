"""`bihuan backup` under load, and `bihuan restore`, in two sizes; compared with PostgreSQL's
own programs, or a copy of the file.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.bench.archives import Archive
from tools.bench.district import COORDINATOR
from tools.bench.ground import Database, Ground
from tools.bench.load import Answered
from tools.bench.measured import Failed, Taken, run
from tools.bench.report import Line
from tools.bench.serving import Server, serving

CASES_A_FILE = 50
FILE_BYTES = 100_000
ALONE_SECONDS = 5.0
CLIENTS = 2
PAGES = ["/desk/cases/", "/desk/"]
MOST_TIMES_THE_MEMORY = 1.3
MOST_TIMES_AS_LONG_A_CASE = 1.3
MIB = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """The results for one archive."""

    archive: Archive
    made: Taken
    checked: Taken
    restored: Taken
    lines: list[Line]


def measure(where: Ground, archives: Sequence[Archive]) -> Iterator[Line]:
    before: Measured | None = None
    for archive in archives:
        archive.database.inside("photographed", archive.cases // CASES_A_FILE, FILE_BYTES)
        found = _measured(where, archive)
        yield from found.lines
        if before is not None:
            yield from _compared(before, found)
        before = found


def _measured(where: Ground, archive: Archive) -> Measured:
    out = where.folder / f"backup_{archive.cases}"
    with serving(archive.database) as server:
        cookie = server.cookie_of(COORDINATOR)
        alone = server.ask(PAGES, cookie, seconds=ALONE_SECONDS, warm_up=1, clients=CLIENTS)
        made, beside = _backed_up(server, cookie, out)
    checked = archive.database.bihuan("restore", str(out), "--check", "--json")
    peer = _copied_by_others(where, archive.database)
    restored = _restored(where, archive, out)
    out.unlink()
    amount = f"{archive.cases:,} cases"
    lines = [
        _line_of_backup(amount, made, *peer),
        Line(
            "pages while it runs",
            amount,
            f"p50 {_percentile(beside, 0.5):.0f} p95 {_percentile(beside, 0.95):.0f} ms",
            f"p50 {_percentile(alone, 0.5):.0f} p95 {_percentile(alone, 0.95):.0f} ms alone",
        ),
        _line_of_reading("restore --check", amount, checked),
        _line_of_reading(
            "restore, verified",
            amount,
            restored,
            "journal verified, every count and file compared",
            json.loads(restored.last_line)["ok"],
        ),
    ]
    return Measured(archive, made, checked, restored, lines)


def _line_of_backup(amount: str, made: Taken, copied: Taken, by: str) -> Line:
    told = json.loads(made.last_line)
    return Line(
        "backup, at work",
        amount,
        f"{made.seconds:.1f} s, {told['bytes'] / MIB:,.0f} MiB, "
        f"{made.largest_bytes / MIB:.0f} MiB of memory",
        f"{copied.seconds:.1f} s for {by}",
        None,
        {"seconds": made.seconds, "bytes": told["bytes"], "memory": made.largest_bytes},
    )


def _line_of_reading(
    what: str, amount: str, taken: Taken, beside: str = "", holds: bool | None = None
) -> Line:
    return Line(
        what,
        amount,
        f"{taken.seconds:.1f} s, {taken.largest_bytes / MIB:.0f} MiB of memory",
        beside,
        holds,
        {"seconds": taken.seconds, "memory": taken.largest_bytes},
    )


def _backed_up(server: Server, cookie: str, out: Path) -> tuple[Taken, Answered]:
    """Measure the backup, and the response times of pages meanwhile."""
    answered: list[Answered] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            given = server.ask(PAGES, cookie, seconds=1.0, warm_up=0, clients=CLIENTS)
            answered.append(given)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        made = server.database.bihuan("backup", str(out), "--json")
    finally:
        over.set()
        asking.join()
    times = [each for given in answered for each in given.milliseconds]
    if not times:
        raise Failed("the backup was over before a page was answered")
    return made, Answered(len(times), made.seconds, times)


def _restored(where: Ground, archive: Archive, out: Path) -> Taken:
    """Restore into a new place, which is deleted afterwards."""
    place = where.empty(f"restored_{archive.cases}")
    restored = place.bihuan("restore", str(out), "--json")
    counted = [json.loads(each.inside("counted").last_line) for each in (place, archive.database)]
    if counted[0] != counted[1]:
        raise Failed(f"restored {counted[0]}, and there were {counted[1]}")
    where.drop(place)
    return restored


def _copied_by_others(where: Ground, database: Database) -> tuple[Taken, str]:
    """Copy the database with PostgreSQL's or SQLite's own program, and the files with `cp`."""
    dump, files = where.folder / "peer", where.folder / "peer_files"
    if where.server:
        command = ["pg_dump", "--format=custom", f"--file={dump}", database.address]
        name = "pg_dump and cp"
    else:
        file = database.address.removeprefix("sqlite:///")
        command = ["sqlite3", file, f".backup '{dump}'"]
        name = "sqlite3 .backup and cp"
    try:
        dumped = run(command, dict(os.environ))
        copied = run(["cp", "-a", database.environment["BIHUAN_MEDIA"], str(files)], {})
    finally:
        dump.unlink(missing_ok=True)
        shutil.rmtree(files, ignore_errors=True)
    return replace(dumped, seconds=dumped.seconds + copied.seconds), name


def _compared(small: Measured, large: Measured) -> Iterator[Line]:
    times = large.archive.cases / small.archive.cases
    for what, before, after in (
        ("backup", small.made, large.made),
        ("restore --check", small.checked, large.checked),
        ("restore", small.restored, large.restored),
    ):
        memory = after.largest_bytes / before.largest_bytes
        long = after.seconds / before.seconds / times
        yield Line(
            f"{what}, {times:.0f} times the cases",
            f"{large.archive.cases:,} cases",
            f"{memory:.2f} times the memory, {long:.2f} times as long for each case",
            f"at most {MOST_TIMES_THE_MEMORY} and {MOST_TIMES_AS_LONG_A_CASE} times",
            memory <= MOST_TIMES_THE_MEMORY and long <= MOST_TIMES_AS_LONG_A_CASE,
            {"memory": memory, "long": long},
        )


def _percentile(answered: Answered, part: float) -> float:
    spent = sorted(answered.milliseconds)
    return spent[int(part * (len(spent) - 1))]
