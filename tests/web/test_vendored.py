"""Scripts of others are exactly those that their table names, and no page takes any other."""

from __future__ import annotations

import re
from hashlib import sha256

from tests.sources import ROOT

FOLDER = ROOT / "bihuan" / "web" / "static" / "web" / "vendor"
ROW = re.compile(r"\| `([\w.-]+\.js)` \|.*\| `([0-9a-f]{64})` \|")


def test_the_table_names_every_script_with_its_digest() -> None:
    table = dict(ROW.findall((FOLDER / "README.md").read_text()))

    there = {path.name: sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.js")}
    assert there == table


def test_each_script_has_the_text_of_its_licence() -> None:
    for path in FOLDER.glob("*.js"):
        name = re.sub(r"-\d.*", "", path.name)
        assert (FOLDER / f"{name}-LICENSE.txt").is_file(), name
