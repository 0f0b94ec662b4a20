"""The project's own files and modules, for the tests that are about the code."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import bihuan

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"var", "build", "__pycache__"}


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, made or fetched ones left out."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden_folder = path.is_dir() and path.name.startswith(".") and path.name != ".ci"
        if hidden_folder or path.name in NOT_OURS or path.suffix in {".egg-info", ".mo"}:
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.name != ".git":
            yield path


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
