"""Cell by cell, the reader of .xlsx says what is in the file, and what two other readers say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.sheets.excel import Book
from bihuan.sheets.grid import named
from bihuan.sheets.limits import ORDINARY
from bihuan.sheets.reader import Broken, open_table
from bihuan.sheets.refusals import SheetRefused
from tests.sheets.made import Cell, Made

DATA = Path(__file__).parents[1] / "data"
Rows = list[list[Any]]
LOST = "lost"  # an error value, or a formula that was never worked out
FOUND = sorted(
    str(path.relative_to(DATA)) for path in DATA.rglob("*.xlsx") if "poi_" not in path.name
)
# What openpyxl cannot open, and what the two say otherwise for a reason.
NOT_BY_OPENPYXL = {
    "hostile_inputs/spreadsheets/calamine_empty_s_attribute.xlsx",
    "hostile_inputs/spreadsheets/calamine_pass_protected.xlsx",
}
# A text of nothing but a line break is a blank to calamine.
NOT_BY_CALAMINE = "hostile_inputs/spreadsheets/calamine_encoded_entities.xlsx"
LETTERS_OF_XML = "hostile_inputs/spreadsheets/calamine_has_x000D_.xlsx"  # openpyxl keeps _x000D_


# ------------------------------------------------------------------ in one form
def alike(rows: Iterable[Sequence[Any]], value: Callable[[Any], Any]) -> Rows:
    """The rows in one form, without blanks behind and below."""
    made = []
    for row in rows:
        cells = [value(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        made.append(cells)
    while made and not made[-1]:
        made.pop()
    return made


def plain(cell: Any) -> Any:
    """A cell in a form that does not hang on how a reader gives it back."""
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return LOST
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        return float(cell)
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, datetime):
        cell = (cell + timedelta(microseconds=500)).replace(microsecond=0)
        return cell.date() if cell.time() == time() else cell
    if isinstance(cell, timedelta):
        return timedelta(seconds=round(cell.total_seconds()))
    return cell


def by_us(path: Path, sheet: str) -> Rows:
    with open_table(path, sheet=sheet) as table:
        return alike(table.rows, plain)


def by_openpyxl(path: Path, sheet: str) -> Rows:
    book = openpyxl.load_workbook(path, data_only=True)
    rows = book[sheet].iter_rows(min_row=1, min_col=1)
    return alike(
        ([LOST if cell.data_type == "e" else plain(cell.value) for cell in row] for row in rows),
        lambda cell: cell,
    )


def by_calamine(path: Path, sheet: str) -> Rows:
    book = python_calamine.load_workbook(path)
    return alike(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), plain)


def blank_where_lost(rows: Rows) -> Rows:
    """As a reader gives them that cannot tell what is lost from what is blank."""
    return alike(rows, lambda cell: "" if cell == LOST else cell)


def assert_alike(ours: Rows, theirs: Rows) -> None:
    """The same, but that a lost value may be a blank there."""
    assert len(ours) >= len(theirs)
    for number, row in enumerate(ours, start=1):
        other = theirs[number - 1] if number <= len(theirs) else []
        for at, cell in enumerate(row):
            said = other[at] if at < len(other) else ""
            assert cell == said or (cell, said) == (LOST, ""), (number, at)
        assert len(other) <= len(row), number


# ---------------------------------------------------------------- real workbooks
@pytest.mark.parametrize("name", FOUND)
def test_every_workbook_here_says_the_same_to_three_readers(name: str) -> None:
    path, compared = DATA / name, 0
    sheets: tuple[str, ...] = ()
    with suppress(SheetRefused), open_table(path) as table:
        sheets = tuple(sheet.name for sheet in table.sheets)

    for sheet in sheets:
        with suppress(SheetRefused):
            ours = by_us(path, sheet)
            if name != NOT_BY_CALAMINE:
                assert_alike(ours, by_calamine(path, sheet))
            if name not in NOT_BY_OPENPYXL and name != LETTERS_OF_XML:
                assert_alike(ours, by_openpyxl(path, sheet))
            compared += 1

    assert compared or name.endswith(("pass_protected.xlsx", "empty_sheet.xlsx"))


# ---------------------------------------------------------------- made workbooks
# Not "_x": what openpyxl makes of _x0041_ is its own. No sign that XML cannot hold.
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="_\ufffe\uffff")
    | st.sampled_from("\n\t 　\u200b\ufeff&<>\"'中文𠮷😀"),
    min_size=1,
    max_size=12,
)
MOMENTS = st.datetimes(datetime(1904, 1, 2), datetime(2199, 12, 31)).map(
    lambda found: found.replace(microsecond=0)
)
CELLS = st.one_of(
    st.none(),
    st.builds(Cell, TEXTS, st.sampled_from(["shared", "inline", "formula", "rich"])),
    st.builds(Cell, st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15, allow_subnormal=False)),
    st.builds(Cell, st.booleans()),
    st.builds(Cell, st.dates(date(1904, 1, 2), date(2199, 12, 31)) | MOMENTS),
    st.builds(Cell, st.times().map(lambda found: found.replace(second=1, microsecond=0))),
    st.builds(Cell, st.timedeltas(timedelta(days=2), timedelta(days=99)).map(
        lambda found: timedelta(seconds=round(found.total_seconds()))
    )),
    st.builds(Cell, st.sampled_from(["#N/A", "#REF!", "#VALUE!", "#DIV/0!"]), st.just("error")),
    st.builds(Cell, st.just("A1+1"), st.just("unsaved")),
)  # fmt: skip


@st.composite
def workbooks(draw: st.DrawFn) -> Made:
    with_places = draw(st.booleans())
    gap = st.integers(1, 4) if with_places else st.just(1)
    rows, number = {}, 0
    for cells in draw(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=6)):
        number += draw(gap)
        rows[number] = cells
    return Made(
        rows,
        with_places=with_places,
        is_1904=draw(st.booleans()),
        prefix=draw(st.sampled_from(["", "x:"])),
        merged=draw(st.sampled_from([(), ("G1:G3",), ("G2:H2", "I1:J9")])),
    )


def wire(cell: Cell | None) -> Any:
    """The cell as the parser's process sends it."""
    if cell is None:
        return ""
    if cell.how == "error":
        return {"error": cell.says}
    if cell.how == "unsaved":
        return {"unsaved_formula": f"={cell.says}"}
    if isinstance(cell.says, (str, bool)):
        return cell.says
    if isinstance(cell.says, (int, float)):
        return float(cell.says)
    text = cell.says
    if isinstance(text, datetime) and text.time() == time():
        text = text.date()
    return named(text)


def sent(path: Path) -> Rows:
    """What the parser's process would send, read in this process."""
    with path.open("rb") as file, TemporaryFile() as spill:
        book = Book(file, spill.fileno(), ORDINARY)
        (sheet,) = book.sheets
        rows = [row["cells"] if isinstance(row, dict) else row for row in book.rows(sheet)]
    return alike([list(row) for row in rows], lambda cell: cell)  # type: ignore[call-overload]


def expected(made: Made, value: Callable[[Cell | None], Any]) -> Rows:
    rows = [made.rows.get(number, []) for number in range(1, max(made.rows) + 1)]
    return alike(rows, value)


def said(cell: Cell | None) -> Any:
    if cell is None:
        return ""
    return LOST if cell.how in ("error", "unsaved") else plain(cell.says)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(workbooks())
def test_what_a_workbook_says_is_read_whatever_way_it_is_written(made: Made) -> None:
    with TemporaryDirectory() as folder:
        path = made.write(Path(folder) / "made.xlsx")

        assert sent(path) == expected(made, wire)
        assert_alike(expected(made, said), by_calamine(path, "S"))
        assert_alike(expected(made, said), by_openpyxl(path, "S"))
