"""Archives of many cases, created directly with the functions that the import uses."""

import json
from dataclasses import dataclass
from datetime import datetime

from tools.bench.ground import Database, Ground
from tools.bench.measured import Failed
from tools.bench.report import Line


@dataclass(frozen=True)
class Archive:
    """A database full of cases, and the numbers of those that officers worked on."""

    cases: int
    database: Database
    worked: list[str]
    line: Line


def build(ground: Ground, cases: int, *, worked: int, now: datetime, copies: int = 1) -> Archive:
    """Create imported cases and a few with a history, then update the statistics.

    With copies, each imported case is multiplied, with its own number and chain.
    """
    database = ground.database(f"archive_{cases}")
    taken = database.inside("archive", cases // copies, now.isoformat())
    made, seconds = json.loads(taken.last_line), taken.seconds
    found = json.loads(database.inside("index").last_line)["cases"]
    if found != made["cases"]:
        raise Failed(f"of {made['cases']:,} cases, {found:,} were made findable")
    if copies > 1:
        taken = database.inside("multiplied", copies)
        made, seconds = json.loads(taken.last_line), seconds + taken.seconds
    numbers = json.loads(database.inside("worked", worked, now.isoformat()).last_line)["numbers"]
    database.settle()
    line = Line(
        "archive made, without a file",
        f"{made['cases']:,} cases, {made['open']:,} open",
        f"{seconds:.1f} s",
    )
    return Archive(cases, database, numbers, line)
