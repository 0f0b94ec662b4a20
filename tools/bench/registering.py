"""The register of sites: an office's list comes in as a workbook, and comes in again unchanged."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from xlsxwriter import Workbook

from tools.bench.ground import Database, Ground
from tools.bench.hazards import COUNTY
from tools.bench.measured import Failed, Taken
from tools.bench.report import Line

SITES = 5_000
MOST_SECONDS, MOST_SECONDS_AGAIN = 10, 5
TITLES = ("场所名称", "场所类型", "地址", "许可证名称", "许可证号", "许可证有效期至")


def measure(where: Ground, *, today: date) -> Iterator[Line]:
    """Each row registers a site with a permit and its clock; the second time nothing changes."""
    path = where.folder / "sites.xlsx"
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("场所台账")
        sheet.write_row(0, 0, TITLES)
        for row in range(1, SITES + 1):
            until = today + timedelta(days=400 + row % 300)
            cells = (f"第{row}小学", "学校", f"学府路 {row} 号", "办学许可证", f"教民{row:08}")
            sheet.write_row(row, 0, (*cells, until.isoformat()))
    database = where.database("registering")
    for what, outcome, most in (
        ("a list of sites, imported", "created", MOST_SECONDS),
        ("the same list again, all unchanged", "unchanged", MOST_SECONDS_AGAIN),
    ):
        taken = _imported(database, str(path), outcome)
        cpu = taken.cpu_seconds
        yield Line(
            what,
            f"{SITES:,} rows",
            f"{taken.seconds:.1f} s ({cpu:.1f} s of processor)",
            f"at most {most} s of processor",
            cpu <= most,
            {"seconds": taken.seconds, "cpu_seconds": cpu},
        )


def _imported(database: Database, path: str, outcome: str) -> Taken:
    taken = database.bihuan("import", path, "--kind", "site", "--unit", COUNTY, "--json")
    counts = json.loads(taken.last_line)
    if counts[outcome] != SITES:
        raise Failed(f"of {SITES} sites not each was {outcome}: {counts}")
    return taken
