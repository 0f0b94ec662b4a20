"""The tests look at what git knows, and in an unpacked archive at all there is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.known import MARK, known, unknown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with code, something made, a log that somebody left, and a new file."""
    for name in (MARK, "bihuan/models.py", ".ci/build.sh", "var/demo.sqlite3", ".venv/bin/python"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    return tmp_path


def names(root: Path, paths: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def test_a_log_beside_the_code_belongs_to_nobody(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", MARK, "bihuan", ".ci")
    (folder / "test.log").write_text("x")
    (folder / "bihuan" / "tried.py").write_text("x")

    assert names(folder, known(folder)) == [".ci/build.sh", "bihuan/models.py", MARK]
    assert names(folder, unknown(folder, "bihuan")) == ["bihuan/tried.py"]


def test_what_was_removed_is_not_looked_for(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", MARK, "bihuan")
    (folder / "bihuan" / "models.py").unlink()

    assert names(folder, known(folder)) == [MARK]


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "inside another"])
def test_an_unpacked_archive_is_the_project(folder: Path, inside: bool) -> None:
    if inside:
        git(folder.parent, "init")

    assert names(folder, known(folder)) == [".ci/build.sh", "bihuan/models.py", MARK]
    assert unknown(folder, "bihuan") == []
