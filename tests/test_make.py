"""`make` mends its own virtual environment."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sources import ROOT


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A source in which everything was installed before, as far as make can see."""
    for name in ("Makefile", "pyproject.toml", "requirements/base.txt", "requirements/dev.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "pip").write_text("#!/bin/sh\n")
    (programs / "pip").chmod(0o755)
    for name in (".base", ".dev"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


def plan(folder: Path) -> str:
    """What `make` would do, without doing it."""
    done = subprocess.run(
        ["make", "--dry-run", "install"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_whole_environment_is_left_alone(installed: Path) -> None:
    assert "venv.sh" not in plan(installed)


def test_an_environment_whose_python_has_gone_is_made_again(installed: Path) -> None:
    pip = installed / ".venv" / "bin" / "pip"
    pip.write_text(f"#!{installed}/gone/python3\n")

    assert "venv.sh" in plan(installed)
    assert not (installed / ".venv" / ".dev").exists()


def test_an_environment_that_is_only_half_there_is_made_again(installed: Path) -> None:
    (installed / ".venv" / "bin" / "pip").unlink()

    assert "venv.sh" in plan(installed)


def test_every_command_is_in_the_list_of_commands() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:"))

    answer = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    listed = {line.split()[1] for line in answer.stdout.splitlines()}
    assert listed == {*phony.split()[1:]}


def test_a_command_says_what_it_runs(installed: Path) -> None:
    done = subprocess.run(
        ["make", "--dry-run", "unit", "ARGS=tests/orgs -k name"],
        cwd=installed, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "-m pytest tests/orgs -k name" in done.stdout
