"""The checks that every change must pass: `quick` for developers, `full` for CI."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import postgres
from tools.known import ROOT, known, unknown
from tools.processes import started, stop_when_told

PYTHON = sys.executable
# The developer's own environment variables must not affect the tests.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
ENVIRONMENT["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# Most of the start-up time is compiling: compile once instead of in hundreds of processes.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)

CODE = [str(path.relative_to(ROOT)) for path in known() if path.suffix == ".py"]
TYPED = [name for name in CODE if "/migrations/" not in name and "/" in name]
# It takes one core for longer than all others, so tests start in parallel.
TYPES = [PYTHON, "-m", "mypy", *TYPED]
CHECKS = [
    [PYTHON, "-m", "ruff", "check", "--force-exclude", *CODE],
    [PYTHON, "-m", "ruff", "format", "--check", "--force-exclude", *CODE],
    [str(Path(PYTHON).with_name("lint-imports"))],
    [PYTHON, "manage.py", "check"],
    [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
]
# New files are easily left out of git; report what is not checked.
UNKNOWN = [path.relative_to(ROOT) for path in unknown(ROOT, "bihuan", "tests", "tools")]
# Pages, commands and the worker are tested with other dates and another time of day.
LATER_AT_NIGHT = "2026-10-26T01:00:00+08:00"  # 40 days on, at one in the morning
NEXT_YEAR = "2027-10-20T10:00:00+08:00"  # 400 days on, in a year that is not published
# The processors available to this process: in a container often fewer than the machine has.
ON_ALL_CORES = ("-n", str(len(os.sched_getaffinity(0))), "--dist", "worksteal")
SLOWEST = ("--durations=20", "--durations-min=5")  # the next to be made faster
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|warnings?)\b")

Tests = Callable[[Counter[str]], None]


class Failed(Exception):
    """A check failed; the text says which."""


def main(extent: str) -> int:
    stop_when_told()
    began = time.monotonic()
    counts: Counter[str] = Counter()
    if UNKNOWN:
        print("not looked at, for git does not know them:", *UNKNOWN)
    try:
        with ThreadPoolExecutor(1) as beside:
            typed = beside.submit(_passes, TYPES)
            broken = [_shown(check) for check in CHECKS if not _passes(check)]
            if not broken:
                rounds = EXTENTS[extent].items()
                broken = [name for name, tests in rounds if not _holds(tests, counts)]
            if not typed.result():
                broken.insert(0, _shown(TYPES))
        if broken:
            raise Failed(f"failed: {'; '.join(broken)}")
    except (Failed, postgres.NoPostgres) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    finally:
        parts = ", ".join(f"{number} {what}" for what, number in counts.items()) or "no tests run"
        print(f"===== {parts} in {time.monotonic() - began:.1f}s =====", flush=True)
    return 0


def _passes(check: Sequence[str]) -> bool:
    done = subprocess.run(
        check, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    print(f"\n$ {_shown(check)}\n{done.stdout.decode(errors='replace')}", end="", flush=True)
    return done.returncode == 0


def _shown(command: Sequence[str]) -> str:
    few = [word for word in command[1:] if word not in CODE]
    return " ".join([Path(command[0]).name, *few])


def _holds(tests: Tests, counts: Counter[str]) -> bool:
    """Run one round of tests to its end, so that one report shows every failure."""
    try:
        tests(counts)
    except Failed:
        return False
    return True


QUICK = "not slow and not walk and not browser and not postgres"


def _quick(counts: Counter[str]) -> None:
    _pytest(counts, *ON_ALL_CORES, "-m", QUICK)


def _on_sqlite_next_year(counts: Counter[str]) -> None:
    """At the current time they already run in the quick checks."""
    _pytest(counts, *ON_ALL_CORES, "-m", "not browser and not postgres", clock=NEXT_YEAR)


def _on_postgresql_at_night(counts: Counter[str]) -> None:
    """Tests without a database give the same result on both engines, and have run with SQLite."""
    with postgres.running(hasty=True) as address:
        chosen = "database and not browser"
        _pytest(counts, *ON_ALL_CORES, "-m", chosen, database=address, clock=LATER_AT_NIGHT)


def _in_a_browser(counts: Counter[str]) -> None:
    _pytest(counts, *ON_ALL_CORES, "-m", "browser", "tests/browser")


EXTENTS: dict[str, dict[str, Tests]] = {
    "quick": {"tests": _quick},
    "full": {
        "tests on SQLite in the next year": _on_sqlite_next_year,
        "tests on PostgreSQL at night": _on_postgresql_at_night,
        "browser tests": _in_a_browser,
    },
}


def _pytest(counts: Counter[str], *arguments: str, database: str = "", clock: str = "") -> None:
    """Run pytest, show its output, and add up the counts of its last line."""
    told = {"BIHUAN_DATABASE_URL": database, "TESTS_PRESENT": clock}
    environment = ENVIRONMENT | {name: value for name, value in told.items() if value}
    engine = "PostgreSQL" if database else "SQLite"
    when = f", at {clock}" if clock else ""
    print(f"\n$ pytest {' '.join(arguments)}  ({engine}{when})", flush=True)
    last = ""
    command = [PYTHON, "-m", "pytest", "--quiet", *SLOWEST, *arguments]
    command += [f"--ignore={path}" for path in UNKNOWN]
    with started(command, environment, stdout=subprocess.PIPE) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line if COUNT.search(line) else last
        status = process.wait()
    counts.update({what: int(number) for number, what in COUNT.findall(last)})
    if status:
        raise Failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
