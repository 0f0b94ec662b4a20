"""The loop does not know that the public has a side: it is not named in `cases` or below."""

from __future__ import annotations

import re

import pytest

from tests.sources import ROOT, relative

# The name of the app: in an import, an address, a template, a table or a text.
NAMED = re.compile(r"\breceipts\b|\breceipts_[a-z]")
SOURCES = {".py", ".html", ".js", ".sql", ".toml"}


@pytest.mark.parametrize("app", ["cases", "clocks", "notices", "orgs", "journal", "store"])
def test_no_lower_app_names_the_app_of_the_public_side(app: str) -> None:
    files = [
        path
        for path in (ROOT / "bihuan" / app).rglob("*")
        if path.suffix in SOURCES and "migrations" not in path.parts
    ]

    naming = [relative(path) for path in files if NAMED.search(path.read_text(encoding="utf-8"))]

    assert files
    assert naming == []
