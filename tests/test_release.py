"""What is released names its version and gives a reason for each thing it brings along."""

import re
import tomllib

import pytest

from tests.sources import ROOT


def test_the_newest_version_of_the_changelog_is_the_packages() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert newest
    assert newest[1] == project["version"]


@pytest.mark.parametrize("names", ["base.in", "dev.in"])
def test_every_dependency_has_its_reason(names: str) -> None:
    wanted = re.findall(
        r"^[A-Za-z][\w-]*", (ROOT / "requirements" / names).read_text(), re.MULTILINE
    )
    reasons = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text().lower()

    assert wanted
    assert [package for package in wanted if package.lower() not in reasons] == []
