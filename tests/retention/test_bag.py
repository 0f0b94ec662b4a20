"""A folder that was touched is no package, and no name leads out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bihuan.retention.package.bag import BadBag, Bag, verified
from tests.factories import NOW
from tests.retention.packages import lines


def bag(folder: Path) -> Path:
    made = Bag(folder)
    made.add("a.txt", b"a")
    made.finish({"Source-Organization": "甲\r\nRestricted: no"}, NOW.date())
    return folder


def test_what_was_typed_begins_no_line_of_its_own(tmp_path: Path) -> None:
    info = lines(bag(tmp_path / "b") / "bag-info.txt")

    assert info[0] == "Source-Organization: 甲 Restricted: no"


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "", "a\nb", ".a", "a b"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Bag(tmp_path / "b").add(name, b"")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: (b / "data/a.txt").write_bytes(b"b"),
        lambda b: (b / "data/a.txt").unlink(),
        lambda b: (b / "data/more.txt").write_bytes(b""),
        lambda b: (b / "bag-info.txt").write_bytes(b""),
        lambda b: (b / "manifest-sha256.txt").write_bytes(b""),
        lambda b: (b / "manifest-sha256.txt").write_bytes(b"0" * 64 + b"  ../../etc/passwd\n"),
        lambda b: (b / "tagmanifest-sha256.txt").unlink(),
        lambda b: (b / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\n"),
    ],
)
def test_a_folder_that_was_touched_is_no_package(tmp_path: Path, spoil: Any) -> None:
    folder = bag(tmp_path / "b")
    assert verified(folder)

    spoil(folder)

    with pytest.raises(BadBag):
        verified(folder)
