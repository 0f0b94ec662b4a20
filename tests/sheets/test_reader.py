import os
import signal
import subprocess
import sys
import time as clock
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Timer

import pytest

from bihuan.sheets.limits import ORDINARY
from bihuan.sheets.reader import Cell, Sheet, SheetRow, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.writer import Heading, write_table

FOLDER = Path(__file__).parents[1] / "data/hostile_inputs/spreadsheets"


def read(path: Path, sheet: str | None = None) -> list[list[Cell]]:
    with open_table(path, sheet=sheet) as table:
        return list(table.rows)


def children() -> set[str]:
    """The parser processes that this one has running."""
    mine = {file.read_text() for file in Path("/proc/self/task").glob("*/children")}
    return {
        child
        for child in " ".join(mine).split()
        if b"bihuan.sheets.child" in Path(f"/proc/{child}/cmdline").read_bytes()
    }


def make_long_table(path: Path, rows: int) -> Path:
    headings = [Heading(f"列{n}") for n in range(10)]
    write_table(path, sheet="S", headings=headings, rows=([f"行{n}"] * 10 for n in range(rows)))
    return path


@pytest.mark.parametrize("name", ["calamine_date.xlsx", "calamine_date_1904.xlsx"])
def test_dates_are_whole_in_both_calendars(name: str) -> None:
    rows = read(FOLDER / name)

    assert rows[0] == [date(2021, 1, 1), 15.0]
    assert rows[2][0] == timedelta(days=10, seconds=54_610)


def test_iso_dates_and_times_are_whole() -> None:
    rows = read(FOLDER / "calamine_date_iso.xlsx")

    assert [row[0] for row in rows[:3]] == [
        date(2021, 1, 1),
        datetime(2021, 1, 1, 10, 10, 10),
        time(10, 10, 10),
    ]


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_hidden_sheets_are_named_and_the_first_visible_one_is_read(suffix: str) -> None:
    with open_table(FOLDER / f"calamine_any_sheets.{suffix}") as table:
        assert table.sheet == "Visible"
        assert table.height == 5
        assert table.sheets[:3] == (
            Sheet("Visible", hidden=False),
            Sheet("Hidden", hidden=True),
            Sheet("VeryHidden", hidden=True),
        )


def test_a_sheet_is_chosen_by_name() -> None:
    rows = read(FOLDER / "calamine_hyperlinks.xlsx", sheet="Sheet2")

    assert rows[4] == ["", "target cell"]


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(SheetRefused) as caught:
        read(FOLDER / "calamine_date.xlsx", sheet="台账")

    assert caught.value.fault is SheetFault.NO_SUCH_SHEET
    assert caught.value.details == {"sheet": "台账"}


def test_rows_keep_their_numbers_when_blank_rows_come_first() -> None:
    rows = read(FOLDER / "calamine_no-header.xlsx")

    assert rows == [["", ""], ["", ""], ["a", 0.0], ["b", 1.0]]


def test_the_kind_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    misnamed = tmp_path / "upload"
    misnamed.write_bytes((FOLDER / "calamine_merge_cells.xls").read_bytes())

    assert read(misnamed)[0][0] == "Row Merge"


def test_a_reader_that_stops_early_leaves_no_process(tmp_path: Path) -> None:
    path = make_long_table(tmp_path / "long.xlsx", 5_000)

    with open_table(path) as table:
        next(table.rows)
        during = children()

    assert len(during) == 1
    assert not during & children()


@pytest.mark.slow
def test_a_slow_consumer_is_not_taken_for_a_slow_file(tmp_path: Path) -> None:
    path = make_long_table(tmp_path / "long.xlsx", 5_000)
    began, count = clock.monotonic(), 0

    with open_table(path, limits=replace(ORDINARY, waited=5)) as table:
        for count, _row in enumerate(table.rows, start=1):
            while count == 1 and clock.monotonic() < began + 6:
                os.sched_yield()

    assert count == 5_001


@pytest.mark.slow
def test_a_busy_machine_is_not_taken_for_a_slow_file(tmp_path: Path) -> None:
    path = make_long_table(tmp_path / "long.xlsx", 5_000)

    with open_table(path, limits=replace(ORDINARY, seconds=3)) as table:
        next(table.rows)
        (child,) = map(int, children())
        os.kill(child, signal.SIGSTOP)
        Timer(4, os.kill, (child, signal.SIGCONT)).start()
        rest = list(table.rows)

    assert len(rest) == 5_000


@pytest.mark.slow
def test_a_parser_that_hangs_is_given_up(tmp_path: Path) -> None:
    path = make_long_table(tmp_path / "long.xlsx", 5_000)

    with open_table(path, limits=replace(ORDINARY, waited=5)) as table:
        next(table.rows)
        for child in children():
            os.kill(int(child), signal.SIGSTOP)
        with pytest.raises(SheetRefused) as caught:
            list(table.rows)

    assert caught.value.fault is SheetFault.TOO_SLOW


def test_the_parser_starts_without_the_web_framework() -> None:
    probe = "import sys, bihuan.sheets.child; print('django' in sys.modules)"

    shown = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, check=True, text=True
    )

    assert shown.stdout.strip() == "False"


def test_the_parser_is_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_SECRET_KEY", "not for a parser")
    path = make_long_table(tmp_path / "long.xlsx", 5_000)

    with open_table(path) as table:
        next(table.rows)
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children()]

    assert environments
    assert not any(b"BIHUAN" in environment for environment in environments)


def test_merged_cells_say_below_what_their_first_cell_says() -> None:
    row = SheetRow(["", "b", "", ""])
    row.above = {0: (3, "a"), 1: (3, "x"), 2: (2, "title"), 9: (3, "far")}

    assert row.spread(3) == ["a", "b", "", ""]
