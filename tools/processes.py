"""Child processes that never outlive the command that started them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

SECONDS_TO_STOP = 15


def stop_when_told() -> None:
    """Handle SIGTERM and SIGHUP like Ctrl-C, so that everything is cleaned up."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], stdout: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in its own process group, and end it on exit."""
    process = subprocess.Popen(
        command, env=environment, stdout=stdout, stderr=stdout, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        _end(process)
        if process.stdout:
            process.stdout.close()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
