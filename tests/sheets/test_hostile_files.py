"""Whatever the file, the reader answers with its rows or with a clear reason, and soon."""

import csv
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from zipfile import ZipFile

import pytest

from bihuan.sheets.limits import MEBIBYTE, ORDINARY, Limits
from bihuan.sheets.reader import open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.wording import explain
from tests.sheets import bombs

FOLDER = Path(__file__).parents[1] / "data/hostile_inputs/spreadsheets"
RESULTS = (FOLDER / "baseline.csv").read_text().splitlines()
BASELINE = {row["file"]: row["python_calamine_0_9_1"] for row in csv.DictReader(RESULTS)}
# The baseline counted from the first row that holds anything; a row number must not.
BLANK_ROWS_ABOVE = {"calamine_no-header.xlsx": 2, "calamine_hyperlinks.xlsx": 4}
REFUSED = {
    "calamine_pass_protected.ods": SheetFault.ENCRYPTED,
    "calamine_pass_protected.xlsx": SheetFault.ENCRYPTED,
    "calamine_too_small.xls": SheetFault.NOT_A_WORKBOOK,
    "poi_poc-xmlbomb.xlsx": SheetFault.ENTITIES,
}
TIGHT = replace(ORDINARY, memory_bytes=256 * MEBIBYTE, seconds=20)


def fault_of(path: Path, limits: Limits = ORDINARY, sheet: str | None = None) -> SheetFault:
    with (
        pytest.raises(SheetRefused) as caught,
        open_table(path, sheet=sheet, limits=limits) as table,
    ):
        list(table.rows)
    assert explain(caught.value)
    return caught.value.fault


def rows_in_all_sheets(path: Path) -> int:
    with open_table(path) as table:
        names = [sheet.name for sheet in table.sheets]
    count = 0
    for name in names:
        with suppress(SheetRefused), open_table(path, sheet=name) as table:
            count += len(list(table.rows))
    return count


@pytest.mark.parametrize("name", [n for n, result in BASELINE.items() if result.startswith("ok")])
def test_what_the_library_reads_is_read_row_for_row(name: str) -> None:
    expected = int(BASELINE[name].removeprefix("ok rows="))

    if not expected:
        assert fault_of(FOLDER / name) is SheetFault.EMPTY
    else:
        assert rows_in_all_sheets(FOLDER / name) == expected + BLANK_ROWS_ABOVE.get(name, 0)


@pytest.mark.parametrize("name", [n for n, result in BASELINE.items() if "raises" in result])
def test_what_the_library_cannot_read_is_refused_with_its_reason(name: str) -> None:
    began = monotonic()

    assert fault_of(FOLDER / name) is REFUSED.get(name, SheetFault.DAMAGED)
    assert monotonic() - began < 10


def test_every_sample_is_named_in_the_baseline() -> None:
    samples = {path.name for path in FOLDER.iterdir()} - {"baseline.csv", "README.md"}

    assert samples == set(BASELINE)


def test_a_cell_in_the_far_corner_cannot_take_the_memory(tmp_path: Path) -> None:
    bomb = bombs.far_cell(tmp_path / "bomb.xlsx")

    assert fault_of(bomb, TIGHT) is SheetFault.TOO_MANY_ROWS
    assert fault_of(bomb, replace(TIGHT, rows=2_000_000)) is SheetFault.TOO_MANY_COLUMNS


def test_a_false_dimension_does_no_harm(tmp_path: Path) -> None:
    bomb = bombs.false_dimension(tmp_path / "bomb.xlsx")

    with open_table(bomb, limits=TIGHT) as table:
        assert list(table.rows) == [[1.0]]


def test_a_far_row_is_refused_before_any_row_is_handed_on(tmp_path: Path) -> None:
    bomb = bombs.workbook(
        tmp_path / "bomb.xlsx", [bombs.number_row(1, "A1"), bombs.number_row(900_000, "A900000")]
    )

    with pytest.raises(SheetRefused) as caught, open_table(bomb):
        pytest.fail("the table was opened")
    assert caught.value.fault is SheetFault.TOO_MANY_ROWS
    assert caught.value.details == {"rows": 900_000, "limit": ORDINARY.rows}


def test_a_far_column_is_refused(tmp_path: Path) -> None:
    bomb = bombs.workbook(tmp_path / "bomb.xlsx", [bombs.number_row(1, "A1", "ZZ1")])

    assert fault_of(bomb) is SheetFault.TOO_MANY_COLUMNS


def test_rows_that_inflate_a_thousandfold_are_stopped_by_their_size(tmp_path: Path) -> None:
    bomb = bombs.row_bomb(tmp_path / "bomb.xlsx", rows=200_000)

    limits = replace(ORDINARY, inflated_bytes=MEBIBYTE)
    assert fault_of(bomb, limits) is SheetFault.TOO_MUCH_INSIDE


@pytest.mark.slow
def test_rows_that_inflate_a_thousandfold_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    bomb = bombs.row_bomb(tmp_path / "bomb.xlsx", rows=400_000)

    limits = replace(ORDINARY, rows=400_000, memory_bytes=64 * MEBIBYTE, seconds=300)
    with open_table(bomb, limits=limits) as table:
        assert sum(row == ["隐患"] for row in table.rows) == 400_000


def test_sizes_that_lie_are_found_by_inflating(tmp_path: Path) -> None:
    bomb = bombs.lying_sizes(tmp_path / "bomb.xlsx")

    assert fault_of(bomb) is SheetFault.FALSE_SIZES
    assert fault_of(bomb, replace(ORDINARY, inflated_bytes=100_000)) is SheetFault.TOO_MUCH_INSIDE


def test_a_long_text_shared_by_thousands_of_cells_cannot_take_the_memory(tmp_path: Path) -> None:
    bomb = bombs.shared_string_bomb(tmp_path / "bomb.xlsx", cells=2_000)

    assert fault_of(bomb, TIGHT) is SheetFault.CELL_TOO_LONG


def test_a_text_without_end_is_given_up(tmp_path: Path) -> None:
    endless = f"<si><t>{'x' * (40 * MEBIBYTE)}</t></si>"
    bomb = bombs.workbook(tmp_path / "bomb.xlsx", [bombs.number_row(1, "A1")], strings=endless)

    assert fault_of(bomb, TIGHT) is SheetFault.TOO_MUCH_MEMORY


def test_a_text_longer_than_a_cell_may_be_is_named_by_its_place(tmp_path: Path) -> None:
    bomb = bombs.shared_string_bomb(tmp_path / "bomb.xlsx", cells=1)

    with pytest.raises(SheetRefused) as caught, open_table(bomb) as table:
        list(table.rows)
    assert caught.value.fault is SheetFault.CELL_TOO_LONG
    assert caught.value.details == {"row": 1, "column": 1, "limit": 32_767}


def test_entities_are_refused_unexpanded(tmp_path: Path) -> None:
    assert fault_of(bombs.entity_bomb(tmp_path / "bomb.xlsx"), TIGHT) is SheetFault.ENTITIES


def test_thousands_of_nested_archives_are_refused_uncounted(tmp_path: Path) -> None:
    bomb = bombs.many_parts(tmp_path / "bomb.xlsx", parts=3_000)

    assert fault_of(bomb, TIGHT) is SheetFault.TOO_MANY_PARTS


def test_an_archive_of_workbooks_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.xlsx", "PK")

    assert fault_of(path) is SheetFault.NOT_A_WORKBOOK


def test_a_web_page_named_xls_is_refused_as_one(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text("<html><table><tr><td>1</td></tr></table></html>")

    assert fault_of(path) is SheetFault.WEB_PAGE


def test_a_picture_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

    assert fault_of(path) is SheetFault.NOT_A_WORKBOOK


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"a,b\n" * 1000)

    assert fault_of(path, replace(ORDINARY, file_bytes=1000)) is SheetFault.FILE_TOO_LARGE


@pytest.mark.slow
def test_a_reader_out_of_processor_time_is_stopped(tmp_path: Path) -> None:
    slow = bombs.row_bomb(tmp_path / "slow.xlsx", rows=5_000_000)

    limits = replace(ORDINARY, seconds=1, rows=10_000_000, memory_bytes=4096 * MEBIBYTE)
    assert fault_of(slow, limits) is SheetFault.TOO_SLOW


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_damaged(tmp_path: Path, share: float) -> None:
    whole = (FOLDER / "calamine_date.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])

    assert fault_of(path) is SheetFault.DAMAGED
