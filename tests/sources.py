"""The project's own files and modules, for the tests that are about the code."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType

import bihuan
from tools.known import ROOT as ROOT
from tools.known import known


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project."""
    return tuple(known())


def files_under(folder: Path, *endings: str) -> list[Path]:
    """The project's files in a folder and below it, of these endings."""
    return [
        path for path in project_files() if path.is_relative_to(folder) and path.suffix in endings
    ]


def python_files(*folders: str) -> list[Path]:
    """The Python files in these folders; migrations keep their own style."""
    return [
        path
        for path in project_files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in folders
        and "migrations" not in path.parts
    ]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of bihuan, imported."""
    found = pkgutil.walk_packages(bihuan.__path__, "bihuan.")
    return tuple(importlib.import_module(module.name) for module in found)


def app_folders() -> list[Path]:
    """The Django apps of the project."""
    return sorted(path.parent for path in (ROOT / "bihuan").glob("*/apps.py"))
