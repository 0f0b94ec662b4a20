"""The `bihuan` command itself."""

from __future__ import annotations

import tomllib

import pytest

from bihuan import cli
from tests.sources import ROOT


def test_the_command_says_which_release_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    status = cli.main(["--version"])

    assert (status, capsys.readouterr().out) == (0, f"bihuan {project['version']}\n")
