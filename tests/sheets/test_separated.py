from dataclasses import replace
from pathlib import Path

import pytest

from bihuan.sheets.limits import ORDINARY, Limits
from bihuan.sheets.reader import Broken, Cell, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused

LEDGER = "序号,隐患描述,备注\r\n1,消防通道堵塞,\r\n2,灭火器过期,联通\r\n"


def read(path: Path, content: bytes, limits: Limits = ORDINARY) -> list[list[Cell]]:
    file = path / "台账.csv"
    file.write_bytes(content)
    with open_table(file, limits=limits) as table:
        return list(table.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_offices_are_told_apart(tmp_path: Path, encoding: str) -> None:
    rows = read(tmp_path, LEDGER.encode(encoding))

    assert rows[0] == ["序号", "隐患描述", "备注"]
    assert rows[2] == ["2", "灭火器过期", "联通"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = read(tmp_path, f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n".encode())

    assert rows == [["a", "b", "c"], ["1", "2", "3"]]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert read(tmp_path, b"title\nvalue\n") == [["title"], ["value"]]


def test_a_record_with_line_breaks_is_one_row_and_blank_lines_count(tmp_path: Path) -> None:
    rows = read(tmp_path, b'a,b\r\n\r\n"x\r\ny",z\r\n')

    assert rows == [["a", "b"], [], ["x\r\ny", "z"]]


def test_a_broken_byte_in_utf_8_is_named_not_read_as_something_else(tmp_path: Path) -> None:
    content = LEDGER.encode() + b"3,\xff,\r\n"

    with pytest.raises(SheetRefused) as caught:
        read(tmp_path, content)

    assert caught.value.fault is SheetFault.WRONG_ENCODING
    assert caught.value.details == {"byte": content.index(b"\xff") + 1, "encoding": "utf-8"}


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1, (1 << 20) + 2])
def test_a_letter_cut_by_a_chunk_is_whole(tmp_path: Path, size: int) -> None:
    content = b"a,b\n" + b"x," * ((size - 6) // 2) + "汉字\n".encode()
    limits = replace(ORDINARY, columns=1 << 20)

    assert read(tmp_path, content, limits)[1][-1] == "汉字"


def test_a_quote_that_never_closes_is_refused_at_its_row(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused) as caught:
        read(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n')

    assert caught.value.fault is SheetFault.BROKEN_QUOTES
    assert caught.value.details == {"row": 3}


@pytest.mark.parametrize(
    ("content", "limits", "fault"),
    [
        (b"", ORDINARY, SheetFault.EMPTY),
        (b"\n\n", ORDINARY, SheetFault.EMPTY),
        (b"a,b\n" * 9, replace(ORDINARY, rows=8), SheetFault.TOO_MANY_ROWS),
        (b"a,b,c\n", replace(ORDINARY, columns=2), SheetFault.TOO_MANY_COLUMNS),
        (b"a,b\n1," + b"x" * 40_000, ORDINARY, SheetFault.CELL_TOO_LONG),
        ("a,b".encode("utf-16-le"), ORDINARY, SheetFault.NOT_A_WORKBOOK),
    ],
)
def test_every_limit_holds_for_text_files(
    tmp_path: Path, content: bytes, limits: Limits, fault: SheetFault
) -> None:
    with pytest.raises(SheetRefused) as caught:
        read(tmp_path, content, limits)

    assert caught.value.fault is fault


def test_what_stands_for_an_error_is_no_text(tmp_path: Path) -> None:
    rows = read(tmp_path, "a,b,c\n#N/A, #REF! ,####\n#1楼,第#N/A号,#name?\n".encode())

    assert rows[1] == [Broken("error", shown) for shown in ("#N/A", "#REF!", "####")]
    assert rows[2] == ["#1楼", "第#N/A号", Broken("error", "#name?")]
