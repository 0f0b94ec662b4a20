"""The limits that such a process sets for itself before it reads the first byte."""

import os
import resource


def confine(*, memory_bytes: int, seconds: int) -> None:
    """Limit memory and processor time; forbid writing files and core dumps."""
    limit_memory(memory_bytes)
    _limit(resource.RLIMIT_CPU, seconds, grace=1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def limit_memory(most: int) -> None:
    """Lower the memory limit; it can never be raised again."""
    _limit(resource.RLIMIT_AS, most)


def say(answer: bytes) -> None:
    """Write all of it to standard output; a pipe takes less at a time."""
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(1, rest) :]


def _limit(kind: int, most: int, grace: int = 0) -> None:
    _soft, hard = resource.getrlimit(kind)
    highest = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(kind, (min(most, highest), highest))
