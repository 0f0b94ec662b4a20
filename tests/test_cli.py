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


@pytest.mark.parametrize(
    ("command", "code", "status"),
    [("recount", 1, 1), ("recount", 3, 2), ("serve", 1, 2), ("migrate", 1, 2), ("recount", 0, 0)],
)
def test_one_means_findings_and_never_a_crash(
    monkeypatch: pytest.MonkeyPatch, command: str, code: int, status: int
) -> None:
    def ends(*arguments: object, **options: object) -> None:
        raise SystemExit(code)

    monkeypatch.setattr("django.core.management.base.BaseCommand.execute", ends)

    assert cli.main([command]) == status


def test_every_command_that_ends_with_findings_says_what_they_are() -> None:
    ends = {
        path.stem.replace("_", "-")
        for path in (ROOT / "bihuan").glob("*/management/commands/*.py")
        if "SystemExit(1)" in path.read_text(encoding="utf-8")
    }

    assert {name.replace("check-installation", "check") for name in ends} == cli.FINDERS.keys()
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | {what} |" in handbook for name, what in cli.FINDERS.items())
