"""Start such a process, read its answer, and determine why it ended."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from time import monotonic
from typing import IO, Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
# It gets no secret from this process's environment.
INHERITED = ("PATH", "LD_LIBRARY_PATH")
# Each arena of the allocator counts as 64 MiB against the limit, used or not.
ALLOCATOR = {"MALLOC_ARENA_MAX": "1"}
CHUNK = 1 << 20

Child: TypeAlias = "subprocess.Popen[bytes]"


class Ended(Enum):
    """Why a process ended without an answer."""

    TOO_SLOW = auto()
    NO_ROOM = auto()
    TOO_MUCH_MEMORY = auto()
    BROKEN = auto()


def start(
    module: str, request: Mapping[str, Any], file: IO[bytes], pass_fds: Sequence[int] = ()
) -> Child:
    """Start a module that reads the file on its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", module, json.dumps(request)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={name: os.environ[name] for name in INHERITED if name in os.environ} | ALLOCATOR,
        start_new_session=True,
        pass_fds=pass_fds,
    )


def end(child: Child) -> None:
    child.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()


def answer(child: Child, *, most: int, waited: float) -> bytes | None:
    """Return the whole answer; None if it is too large or takes too long."""
    assert child.stdout is not None
    pipe = child.stdout.fileno()
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    received, until = bytearray(), monotonic() + waited
    while (left := until - monotonic()) > 0:
        if not poll.poll(left * 1000):
            continue
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return bytes(received)
        received += chunk
        if len(received) > most:
            return None
    return None


def why(status: int) -> Ended:
    """Return which limit ended the process."""
    if status == -signal.SIGXCPU:
        return Ended.TOO_SLOW
    if status == -signal.SIGBUS:
        return Ended.NO_ROOM
    if status in (-signal.SIGABRT, -signal.SIGKILL):
        return Ended.TOO_MUCH_MEMORY
    return Ended.BROKEN
