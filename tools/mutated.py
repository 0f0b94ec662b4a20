"""A pytest plugin (-p): one mutated module of bihuan, and a database that already exists.

Configured by environment variables, so that the files do not change and several runs work in
parallel.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tools import mutations

MODULE = os.environ.get("MUTANT_MODULE", "")
NUMBER = int(os.environ.get("MUTANT_NUMBER", "0"))


class _Loader(SourceFileLoader):
    """Compiles the mutated module, without writing bytecode to disk."""

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        return compile(mutations.planted(source, NUMBER), self.path, "exec")


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(name, path) if name == MODULE else None
        if found is not None and found.origin is not None:
            found.loader = _Loader(name, found.origin)
        return found


if MODULE:
    sys.meta_path.insert(0, _Finder())


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """The tables are created once and copied; see `--reuse-db`."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = os.environ["MUTANT_DATABASE"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Report which test killed the mutant."""
    if report.failed and (file := os.environ.get("MUTANT_FAILED")):
        Path(file).write_text(report.nodeid, encoding="utf-8")
