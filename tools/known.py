"""The files that belong to the project: those tracked by git, or all of an unpacked archive.

Logs next to the code, and experiments, are ignored.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "pyproject.toml"
NOT_OURS = {"var", "build", "__pycache__"}


def known(root: Path = ROOT) -> list[Path]:
    """Return every file of the project that exists, sorted."""
    found = _listed(root, "--cached")
    if root / MARK not in found:
        # There is no git repository, or only one that surrounds an unpacked archive.
        found = list(_walk(root))
    return sorted(path for path in found if path.is_file())


def unknown(root: Path = ROOT, *folders: str) -> list[Path]:
    """Return the files in these folders that git neither tracks nor ignores."""
    if root / MARK not in _listed(root, "--cached", MARK):
        return []
    return sorted(_listed(root, "--others", "--exclude-standard", "--", *folders))


def _listed(root: Path, *which: str) -> list[Path]:
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", *which], cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return []
    return [root / name for name in told.stdout.split("\0") if name]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden_folder = path.is_dir() and path.name.startswith(".") and path.name != ".ci"
        if hidden_folder or path.name in NOT_OURS or path.suffix in {".egg-info", ".mo"}:
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.name != ".git":
            yield path
