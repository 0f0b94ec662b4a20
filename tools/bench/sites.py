"""Registers of sites and inspections of two sizes, of which one has ten times the rows, and their
pages.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from tools.bench.district import COORDINATOR, TOWN_COORDINATOR, VILLAGE_OFFICER
from tools.bench.ground import Database, Ground
from tools.bench.report import Line

MOST_MS = 100.0
# Answers for each site: five million of a million sites.
ANSWERS = 5
OFFICERS = {
    "county": COORDINATOR,
    "town": TOWN_COORDINATOR.format(0),
    "village": VILLAGE_OFFICER.format(0),
}
SITES, INSPECTIONS = "/desk/sites/", "/desk/inspections/"


def measure(ground: Ground, *sizes: int) -> Iterator[Line]:
    """Fill registers of each size, and request their pages as officers of three levels."""
    for size in sizes:
        database = ground.database(f"sites_{size}")
        for job, *amounts in (("sites", size), ("inspected", size, ANSWERS * size)):
            taken = database.inside(str(job), *amounts)
            yield Line(f"{job} made", f"{size:,} sites", f"{taken.seconds:.1f} s")
        database.settle()
        shown = json.loads(database.inside("seen_by", *OFFICERS.values()).last_line)
        for who, username in OFFICERS.items():
            for what, pages in _pages(shown[username]).items():
                yield _line(database, f"{what}, {who}", username, pages, size)
        ground.drop(database)


def _pages(shown: Mapping[str, Sequence[int]]) -> dict[str, list[str]]:
    """Return the addresses of each sort of page; those of sites and inspections in sight."""
    return {
        "sites": [SITES],
        "sites, by words": [f"{SITES}?q=%E6%B0%B4%E5%BA%93", f"{SITES}?q=%E7%AC%AC7%E5%B0%8F"],
        "sites, of a kind": [f"{SITES}?kind=reservoir"],
        "sites, papers expired": [f"{SITES}?papers=expired"],
        "sites, of a trade": [f"{SITES}?trade=fire"],
        "enterprises": [f"{SITES}?view=enterprises"],
        "page of a site": [f"{SITES}{pk}/" for pk in shown["sites"]],
        "inspections": [INSPECTIONS, f"{INSPECTIONS}?stage=begun", f"{INSPECTIONS}?failed=1"],
        "inspections, by words": [f"{INSPECTIONS}?q=%E6%B0%B4%E5%BA%93"],
        "page of an inspection": [f"{INSPECTIONS}{pk}/" for pk in shown["inspections"]],
    }


def _line(database: Database, what: str, username: str, pages: list[str], size: int) -> Line:
    found = json.loads(database.inside("asked", username, json.dumps(pages)).last_line)
    spent, cpu, queries = sorted(found["milliseconds"]), found["cpu_ms"], found["queries"]
    p50, p95 = (spent[int(part * (len(spent) - 1))] for part in (0.5, 0.95))
    figures = {"p50_ms": p50, "p95_ms": p95, "cpu_ms": cpu, "queries": queries}
    measured = f"p50 {p50:.0f} p95 {p95:.0f} ms, {cpu:.0f} ms of processor, {queries} queries"
    limit = f"p95 under {MOST_MS:.0f} ms"
    return Line(what, f"{size:,} sites", measured, limit, p95 < MOST_MS, figures)
