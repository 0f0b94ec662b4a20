"""Disposals and packages for the archive, killed in the middle: nothing is half gone or half made,
and a second run finishes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from bihuan.retention.package.bag import verified
from tests.faults.disposals import YEAR
from tests.faults.places import figures, journal, refused
from tests.faults.processes import Forking, Installation, ready

pytestmark = pytest.mark.slow

# A whole batch and some of a second.
LISTED = 120
# Moments between one kill and the next, each of which the run gets further.
STEP = 30
LAST_MOMENTS = 5


@dataclass(frozen=True)
class Planted:
    """An installation with a list that was confirmed, and what it knows of its cases."""

    office: Installation
    fork: Forking
    there: dict[str, Any]

    def faults(self, how: str = "inspect") -> str:
        done = self.fork.python("tests.faults.disposals", how, given=json.dumps(self.there))
        assert done.status == 0, done.err
        return done.out.strip()

    def killed_at(self, moment: int, since: str, folder: Path, *command: object) -> int:
        """How many moments there were, if the command ended before it was killed; else nothing."""
        done = self.fork.python("tests.faults.dying", moment, since, folder, *command)
        if done.status == -SIGKILL:
            return 0
        assert done.status == 0, done
        return int(done.out.splitlines()[-1])


@pytest.fixture
def planted(installation: Installation) -> Iterator[Planted]:
    with ready(installation).forking() as fork:
        done = fork.python("tests.faults.disposals", "plant", LISTED)
        assert done.status == 0, done.err
        yield Planted(installation, fork, json.loads(done.out.splitlines()[-1]))


def files(office: Installation) -> set[str]:
    root = office.folder / "media"
    return {path.relative_to(root).as_posix() for path in root.glob("??/??/*")}


# -------------------------------------------------------------------- disposals
def test_a_killed_disposal_leaves_no_case_half_gone_and_is_finished(planted: Planted) -> None:
    office, there = planted.office, planted.there
    assert planted.faults() == ""
    dispose = ("retention_item", office.folder / "media", "work", "--once")

    kills, ended = 0, 0
    while not ended:
        ended = planted.killed_at(1 + STEP * kills, *dispose)
        kills += not ended
        assert planted.faults() == ""
        assert journal(planted.fork)["ok"]

    assert kills > 4
    stored = {path for number in there["kept"] for path in there["files"][number]}
    # What a kill left between the commit and the files went with the daily clearing.
    assert files(office) == stored
    assert planted.faults("inspect-done") == ""


# --------------------------------------------------------------------- packages
def test_a_killed_package_is_never_taken_for_whole_and_is_made_again(planted: Planted) -> None:
    office = planted.office
    out = office.folder / "package"
    partial = out.with_name("package.part")
    package = ("retention_handedover", out, "archive", out, "--year")
    # Another year of as many cases says how many moments there are; in the last the lock goes.
    moments = planted.killed_at(0, *package, YEAR - 1) - 1
    out.rename(office.folder / "of_another_year")

    for moment in (1, moments // 2, *range(moments - LAST_MOMENTS, moments + 1)):
        assert not planted.killed_at(moment, *package, YEAR), moment
        # What has its name is recorded, and the last thing that is made is that name.
        assert not out.exists(), moment
        assert planted.faults() == ""
        assert journal(planted.fork)["ok"]
    written = set(partial.rglob("*"))
    again = office.run("archive", out, "--year", YEAR, "--json")

    assert again.status == 0, again
    assert figures(again)["digest"] == verified(out)
    assert (figures(again)["cases"], figures(again)["files"]) == (3, 3)
    assert {path.relative_to(out) for path in out.rglob("*")} == {
        path.relative_to(partial) for path in written
    }
    assert not partial.exists()
    assert office.run("archive", out, "--received", "1号").status == 0
    assert journal(planted.fork)["ok"]
    refused(office.run("archive", office.folder / "again", "--year", YEAR))
