"""Texts that do not fit into memory lie in a file that has no name and is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.confined.outside import ROOT
from bihuan.sheets.reader import open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.texts import KEPT
from bihuan.sheets.wording import explain
from tests.sheets import bombs
from tests.sheets.test_reader import children

MORE = KEPT + 10_000
PRIVATE_MOUNT = ("unshare", "--user", "--map-root-user", "--mount")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made, and nothing else."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def text(number: int) -> str:
    return f"第{number}处隐患：疏散通道堆放杂物，限期清理"


def ledger(path: Path, texts: int, *, cells: int | None = None) -> Path:
    """A workbook that shares so many texts, and as many rows, the last texts first."""
    count = texts if cells is None else cells
    rows = (
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{count - 1 - n}</v></c></row>'
        for n in range(count)
    )
    shared = "".join(f"<si><t>{text(n)}</t></si>" for n in range(texts))
    return bombs.workbook(path, rows, strings=shared)


def written_by(child: str, folder: Path) -> Iterator[int]:
    """How many bytes on the disk each file takes that the process has open in the folder."""
    for link in Path(f"/proc/{child}/fd").iterdir():
        if os.readlink(link).startswith(str(folder)):
            yield link.stat().st_blocks * 512


@pytest.mark.parametrize(("texts", "is_used"), [(100, False), (MORE, True)])
def test_the_file_is_used_beyond_the_limit_only(
    tmp_path: Path, folder: Path, texts: int, is_used: bool
) -> None:
    path = ledger(tmp_path / "ledger.xlsx", texts)

    with open_table(path) as table:
        first = next(table.rows)
        (child,) = children()
        (bytes_on_disk,) = written_by(child, folder)
        named = list(folder.iterdir())
        rest = list(table.rows)

    assert bool(bytes_on_disk) is is_used
    assert not named
    assert [first, *rest] == [[text(n)] for n in reversed(range(texts))]
    assert not list(folder.iterdir())
    assert not children()


def test_nothing_is_left_after_an_error(tmp_path: Path, folder: Path) -> None:
    path = ledger(tmp_path / "ledger.xlsx", MORE, cells=MORE + 1)

    with pytest.raises(SheetRefused) as caught, open_table(path) as table:
        list(table.rows)

    assert caught.value.fault is SheetFault.DAMAGED
    assert not list(folder.iterdir())
    assert not children()
    assert not [link for link in Path("/proc/self/fd").iterdir() if _is_in(link, folder)]


def _is_in(link: Path, folder: Path) -> bool:
    return link.is_symlink() and os.readlink(link).startswith(str(folder))


def test_a_full_disk_is_said_before_any_row_is_handed_on(tmp_path: Path, folder: Path) -> None:
    if subprocess.run([*PRIVATE_MOUNT, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no file system of a known size can be mounted here")
    path = ledger(tmp_path / "ledger.xlsx", MORE)
    small = f'mount -t tmpfs -o size=64k tmpfs "{folder}" && exec "$@"'
    probe = (
        "import sys; from pathlib import Path\n"
        "from bihuan.sheets.reader import open_table\n"
        "from bihuan.sheets.refusals import SheetRefused\n"
        "try:\n"
        "    with open_table(Path(sys.argv[1])): print('rows')\n"
        "except SheetRefused as refused: print(refused.fault)\n"
        "print(*Path(sys.argv[2]).iterdir())\n"
    )

    answer = subprocess.run(
        [*PRIVATE_MOUNT, "sh", "-c", small, "sh", sys.executable, "-c", probe, path, folder],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert answer.split("\n") == ["no_room", "", ""]
    assert "空间" in explain(SheetRefused(SheetFault.NO_ROOM))
