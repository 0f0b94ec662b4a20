"""`make mutants`: mutation testing. Does a test fail when the code is wrong?

A sample of mutants of the rules and other critical code, drawn with a fixed seed. Each is tested
separately; first the tests that import the module are run, then those around it. Surviving mutants
must be listed in `docs/mutants.md` with the reason.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from tools import mutations
from tools.known import ROOT, known
from tools.suite import ENVIRONMENT

LISTED = ROOT / "docs" / "mutants.md"
SEED, COUNT, MINUTES, CORES = 20260915, 150, 60, 2
ENOUGH = 0.85
QUICK = "not slow and not browser and not postgres"
# The modules that are mutated, and the tests around each that are run last.
AROUND = {
    "bihuan/core/": ("tests/core", "tests/hazards", "tests/grievances", "tests/mediations"),
    "bihuan/orgs/access.py": ("tests/orgs", "tests/cases", "tests/hazards"),
    "bihuan/journal/": ("tests/journal", "tests/orgs", "tests/cases/test_journal_before.py"),
    "bihuan/clocks/actions/ticking.py": ("tests/cases", "tests/grievances"),
}
LEFT_OUT = {"__init__.py", "apps.py", "wording.py", "diagram.py"}


@dataclass(frozen=True)
class Mutant:
    """One mutation of one module."""

    path: Path
    mutation: mutations.Mutation

    @property
    def module(self) -> str:
        return module_of(self.path)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)} {self.mutation}"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def targets() -> list[Path]:
    return [
        path
        for path in known()
        if path.suffix == ".py"
        and path.name not in LEFT_OUT
        and "migrations" not in path.parts
        and path.relative_to(ROOT).as_posix().startswith(tuple(AROUND))
    ]


def sample(count: int, seed: int, only: str = "") -> list[Mutant]:
    """Return a sample of all mutants: a changed line affects its own mutants only."""
    every = [
        Mutant(path, mutation)
        for path in targets()
        if only in path.as_posix()
        for mutation in mutations.every(path.read_text(encoding="utf-8"))
    ]
    seen: Counter[str] = Counter()
    lots = dict[str, Mutant]()
    for mutant in every:
        seen[str(mutant)] += 1
        lots[sha256(f"{seed} {mutant} {seen[str(mutant)]}".encode()).hexdigest()] = mutant
    return [lots[lot] for lot in sorted(lots)[:count]]


# ------------------------------------------------------------------- the tests
@cache
def naming(module: str) -> tuple[str, ...]:
    """Return the test files that import the module; those of its own app come first."""
    files = [
        path
        for path in known()
        if path.name.startswith("test_") and "browser" not in path.parts
        if path.is_relative_to(ROOT / "tests")
        if module in set(_imported(ast.parse(path.read_text(encoding="utf-8"))))
    ]
    names = [path.relative_to(ROOT).as_posix() for path in files]
    own = f"tests/{module.split('.')[1]}/"
    return tuple(sorted(names, key=lambda name: (not name.startswith(own), name)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def around(path: Path) -> tuple[str, ...]:
    name = path.relative_to(ROOT).as_posix()
    return next(tests for start, tests in AROUND.items() if name.startswith(start))


class Bench:
    """A folder with a database that is created once, where tests run against one mutant."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, folder / "made.sqlite3"
        self._sound: set[str] = set()

    def prepare(self) -> None:
        done = self._run(("tests/test_harness.py",), {"MUTANT_DATABASE": str(self.made)}, 600)
        if done != 0:
            raise SystemExit("the tests fail without any fault")

    def is_caught(self, mutant: Mutant, patience: float) -> bool:
        """Whether some test fails, or times out, with the mutant."""
        database = Path(tempfile.mkstemp(suffix=".sqlite3", dir=self.folder)[1])
        told = {
            "MUTANT_MODULE": mutant.module,
            "MUTANT_NUMBER": str(mutant.mutation.number),
            "MUTANT_DATABASE": str(database),
        }
        failed = database.with_suffix(".failed")
        told["MUTANT_FAILED"] = str(failed)
        try:
            for tests in (naming(mutant.module), around(mutant.path)):
                shutil.copyfile(self.made, database)
                if tests and self._run(tests, told, patience) != 0:
                    self._require_sound(failed, database)
                    return True
        finally:
            database.unlink()
            failed.unlink(missing_ok=True)
        return False

    def _require_sound(self, failed: Path, database: Path) -> None:
        """Check the tests without a mutant: failures then would prove nothing, and listed tests
        must exist.
        """
        test = failed.read_text(encoding="utf-8") if failed.exists() else ""
        if not test or test in self._sound:
            return
        shutil.copyfile(self.made, database)
        if (
            self._run((test,), {"MUTANT_DATABASE": str(database)}, 600)
            == pytest.ExitCode.TESTS_FAILED
        ):
            raise SystemExit(f"{test} fails without any fault")
        self._sound.add(test)

    def _run(self, tests: Sequence[str], told: dict[str, str], patience: float) -> int:
        command = [
            sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "tools.mutated",
            "-p", "no:cacheprovider", "--reuse-db", "-m", QUICK, *tests,
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=ENVIRONMENT | told, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=patience, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return -1
        return done.returncode


# ------------------------------------------------------------------ the report
def listed() -> set[str]:
    """Return the surviving mutants that the document lists."""
    text = LISTED.read_text(encoding="utf-8") if LISTED.exists() else ""
    return {line[3:].partition("`")[0] for line in text.splitlines() if line.startswith("- `")}


def report(tried: Sequence[tuple[Mutant, bool]], seconds: float) -> int:
    alive = sorted(str(mutant) for mutant, caught in tried if not caught)
    unlisted = [name for name in alive if name not in listed()]
    caught = len(tried) - len(alive)
    share = caught / len(tried) if tried else 0.0
    for name in alive:
        print(f"not caught{'' if name in unlisted else ', as listed'}: {name}")
    print(
        f"===== {caught} of {len(tried)} mutants caught ({share:.1%}), "
        f"{len(unlisted)} not listed, in {seconds:.0f}s ====="
    )
    return 0 if share >= ENOUGH and not unlisted else 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="begin none after that")
    parser.add_argument("--cores", type=int, default=CORES)
    parser.add_argument("--only", default="", help="a part of the path of the modules to try")
    told = parser.parse_args(arguments)
    drawn, began = sample(told.count, told.seed, told.only), time.monotonic()

    def tried(mutant: Mutant) -> tuple[Mutant, bool] | None:
        if time.monotonic() - began > told.minutes * 60:
            return None
        caught = bench.is_caught(mutant, patience=600)
        print("." if caught else f"\n{mutant}", end="", flush=True)
        return mutant, caught

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.prepare()
        with ThreadPoolExecutor(told.cores) as pool:
            done = [each for each in pool.map(tried, drawn) if each]
    print()
    return report(done, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
