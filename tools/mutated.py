"""For pytest's -p: one module of bihuan with a fault in it, and a database that is there already.

Named by the environment, so that the files stay as they are and several runs go side by side.
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
    """Compiles the module with the fault, and leaves nothing of it on the disk."""

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
    """The tables are made once and copied; see `--reuse-db`."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = os.environ["MUTANT_DATABASE"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Which test has noticed the fault."""
    if report.failed and (file := os.environ.get("MUTANT_FAILED")):
        Path(file).write_text(report.nodeid, encoding="utf-8")
