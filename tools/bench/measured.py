"""Run a command and measure its time, processor time, and memory."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tools.processes import started

LOOK_EVERY = 0.1  # seconds
PAGE = os.sysconf("SC_PAGE_SIZE")


class Failed(Exception):
    """A command of the measurements failed; the text says which and why."""


@dataclass(frozen=True)
class Taken:
    """The resources that a command used, and its output."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int  # of all its processes together, shared pages counted in each
    largest_bytes: int  # of the largest of them, as recorded by the operating system
    output: str

    @property
    def last_line(self) -> str:
        return self.output.rstrip().rpartition("\n")[2]


def run(
    command: Sequence[str], environment: Mapping[str, str], allowed: Sequence[int] = (0,)
) -> Taken:
    """Run to the end; any other status than the allowed ones is a failure."""
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        with started(command, environment, stdout=out.fileno()) as process:
            with _watched(process.pid) as peak:
                _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        output = out.read()
    if process.returncode not in allowed:
        what = " ".join([Path(command[0]).name, *command[1:]])
        raise Failed(f"“{what}” ended with status {process.returncode}:\n{output[-2000:]}")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Taken(seconds, cpu_seconds, peak[0], usage.ru_maxrss * 1024, output)


@contextmanager
def _watched(root: int) -> Iterator[list[int]]:
    """Record the peak memory of the process and its descendants, by sampling."""
    peak, over = [0], Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            peak[0] = max(peak[0], sum(map(_resident, _family(root))))

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _family(root: int) -> set[int]:
    """Return the process and its descendants."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(after_name[1])
    family, before = {root}, 0
    while len(family) > before:
        before = len(family)
        family |= {pid for pid, parent in parents.items() if parent in family}
    return family


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used so far."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
