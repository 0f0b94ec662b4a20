"""Server, worker and commands killed under load, fifty times: all that was acknowledged is there,
and nothing is half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from tests.clock import PRESENT
from tests.faults.officers import Officer
from tests.faults.processes import (
    COORDINATOR,
    COUNTY,
    PASSWORD,
    Installation,
    address_of,
    kill,
    ready,
)
from tools.postgres import free_port

pytestmark = pytest.mark.slow

KILLS = 50
OFFICERS = 3
ROWS = 5_000  # three batches
KILLED_IN_A_FILE = 4
HEADER = "检查日期,场所,隐患描述,等级,整改措施,整改期限,验收日期,是否销号\n"
OPEN = 50  # one row in so many still has a clock that runs


class Fleet:
    """The processes of one installation, and whoever kills them."""

    def __init__(self, office: Installation, random: Random) -> None:
        self.office, self.random = office, random
        self.port = free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log = (office.folder / "log").open("ab")
        self._files = 0
        self._killed_in_file = 0
        self._now = PRESENT

    def start_server(self) -> None:
        self._running["server"] = self.office.start_server(self.port, log=self._log)

    def start_worker(self) -> None:
        self._running["worker"] = self.office.start("work", log=self._log)

    def stop(self) -> None:
        for process in self._running.values():
            kill(process)
        self._log.close()

    # ------------------------------------------------------------------ kills
    def kill_one_of_the_server(self) -> None:
        """One of gunicorn's two processes; it starts another."""
        pid = self._running["server"].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            os.kill(int(self.random.choice(children)), signal.SIGKILL)

    def kill_server(self) -> None:
        kill(self._running["server"])
        self.start_server()

    def kill_worker(self) -> None:
        kill(self._running["worker"])
        self.start_worker()

    def kill_import(self) -> None:
        """An import of a file, which is then left or, when killed often enough, completed."""
        process = self.office.start(*self._import(), log=self._log)
        self._wait_and_kill(process)
        self._killed_in_file += 1
        if self._killed_in_file == KILLED_IN_A_FILE:
            self.complete_import()

    def complete_import(self) -> None:
        done = self.office.run(*self._import(), "--json")
        assert done.status == 0, done
        counts = json.loads(done.out.splitlines()[-1])
        assert counts["created"] + counts["unchanged"] == counts["rows"] == ROWS
        self._files, self._killed_in_file = self._files + 1, 0

    def kill_tick(self) -> None:
        """All that happens in ten days to come, begun, killed and done again."""
        self._now += timedelta(days=10)
        command = ("tick", "--now", self._now.isoformat(), "--json")
        self._wait_and_kill(self.office.start(*command, log=self._log))

    def complete_tick(self) -> None:
        command = ("tick", "--now", self._now.isoformat(), "--json")
        done = [self.office.run(*command) for _ in range(2)]
        assert [each.status for each in done] == [0, 0], done
        assert not any(json.loads(done[-1].out).values())

    def _import(self) -> tuple[object, ...]:
        file = self.office.folder / f"ledger-{self._files}.csv"
        if not file.exists():
            rows = (
                f"2026-01-{1 + row % 28:02},{self._files}厂第{row}车间,"
                f"应急灯不亮 {self._files}-{row},一般,更换,"
                f"2026-02-{1 + row % 28:02},{'2026-02-01,是' if row % OPEN else ',否'}\n"
                for row in range(ROWS)
            )
            file.write_text(HEADER + "".join(rows))
        return "import", file, "--kind", "hazard", "--unit", COUNTY

    def _wait_and_kill(self, process: subprocess.Popen[bytes]) -> None:
        # Half of that is the start of the program; the rest falls into its work.
        time.sleep(self.random.uniform(0.3, 3))
        kill(process)


@contextmanager
def _at_work(officers: list[Officer]) -> Iterator[None]:
    stop = Event()
    threads = [Thread(target=officer.work, args=(stop,)) for officer in officers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _inspect(office: Installation, officers: list[Officer]) -> tuple[list[str], dict[str, int]]:
    found = {
        "reports": {key: made for each in officers for key, made in each.told.reports.items()},
        "words": {word: case for each in officers for word, case in each.told.words.items()},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.inspection"],
        env=office.environment,
        input=json.dumps(found),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *faults, sizes = done.stdout.splitlines()
    return faults, json.loads(sizes)


def test_fifty_kills_under_load_lose_nothing_and_leave_nothing_half_done(
    installation: Installation,
) -> None:
    random = Random(20260915)
    office = ready(installation)
    fleet = Fleet(office, random)
    ways: dict[Callable[[], None], int] = {
        fleet.kill_one_of_the_server: 16,
        fleet.kill_import: 14,
        fleet.kill_tick: 10,
        fleet.kill_worker: 5,
        fleet.kill_server: 5,
    }
    strikes = random.sample(list(ways), counts=list(ways.values()), k=KILLS)
    with ExitStack() as stack:
        stack.callback(fleet.stop)
        fleet.start_server()
        fleet.start_worker()
        officers = [Officer(address_of(fleet.port), COORDINATOR, PASSWORD) for _ in range(OFFICERS)]
        with _at_work(officers):
            for strike in strikes:
                strike()
    # A tick leaves what another process has locked to the next run: all others have ended.
    fleet.complete_import()
    fleet.complete_tick()
    faults, sizes = _inspect(office, officers)
    verified = office.run("journal", "verify", "--json")

    assert faults == []
    # What ticks did in days to come stands before what officers did after it.
    data = json.loads(verified.out.splitlines()[-1])
    assert {each["kind"] for each in data["findings"]} <= {"time"}, verified.out
    assert [each.told.unexpected for each in officers] == [[]] * OFFICERS
    # How much they get done meanwhile is a matter of the machine.
    assert all(each.told.reports for each in officers)
    assert sizes["evidence"] > OFFICERS
    assert sizes["notices"] > 0
