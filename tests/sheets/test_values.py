from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.sheets.dates import day, moment
from bihuan.sheets.reader import Broken, Cell
from bihuan.sheets.refusals import CellFault, CellRefused
from bihuan.sheets.values import TEN_THOUSAND, money, text, written


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("消防通道堵塞", "消防通道堵塞"),
        ("　消防通道　堵塞 \n", "消防通道 堵塞"),
        ("a_x000D_\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\u200b\ufeff\x00\x07b\ufffe", "ab"),
        ("x\u202eexe.txt", "xexe.txt"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        (12.0, "12"),
        (13812345678.0, "13812345678"),
        (1.5, "1.5"),
        (date(2025, 3, 1), "2025-03-01"),
        (datetime(2025, 3, 1, 10, 30), "2025-03-01 10:30"),
        ("", ""),
    ],
)
def test_text_is_what_a_person_sees(cell: Cell, clean: str) -> None:
    assert text(cell) == clean


@given(st.text())
def test_clean_text_stays_as_it_is(found: str) -> None:
    clean = text(found)

    assert text(clean) == clean


def test_a_text_over_its_length_is_refused_and_shown_short() -> None:
    with pytest.raises(CellRefused) as caught:
        text("隐" * 501, most=500)

    assert (caught.value.fault, caught.value.limit) == (CellFault.TOO_LONG, 500)
    assert len(caught.value.shown) == 60


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1200", "1200"),
        ("1,200.50", "1200.50"),
        ("¥1,200", "1200"),
        ("￥１２００元", "1200"),
        ("3.5万元", "35000"),
        ("约3.5万", "35000"),
        ("0.2亿元", "20000000"),
        ("5千元", "5000"),
        ("人民币 3000 元整", "3000"),
        ("无", "0"),
        (3.5, "3.5"),
        (0.1 + 0.2, "0.3"),
        (1200.005, "1200.01"),
    ],
)
def test_money_is_yuan_to_the_cent(cell: Cell, yuan: str) -> None:
    assert money(cell) == Decimal(yuan)


def test_a_header_in_ten_thousands_counts_bare_numbers_only() -> None:
    assert money(3.5, TEN_THOUSAND) == money("3.5", TEN_THOUSAND) == Decimal(35_000)
    assert money("500元", TEN_THOUSAND) == Decimal(500)


@pytest.mark.parametrize("cell", ["", "/", "—", "暂无"])
def test_no_amount_is_not_nought(cell: str) -> None:
    assert money(cell) is None


@pytest.mark.parametrize(
    "cell", ["三万", "-5", -5.0, "3-5万", "12,34", "1e5", float("nan"), float("inf"), 1e300, True]
)
def test_what_is_no_amount_is_refused(cell: Cell) -> None:
    with pytest.raises(CellRefused) as caught:
        money(cell)

    assert caught.value.fault is CellFault.NOT_MONEY


# ----------------------------------------------------------------- lost values
@pytest.mark.parametrize("read", [text, money, moment, day])
@pytest.mark.parametrize(
    ("lost", "fault"),
    [
        (Broken("error", "#N/A"), CellFault.ERROR_VALUE),
        (Broken("unsaved_formula", "=B2+30"), CellFault.UNSAVED_FORMULA),
    ],
)
def test_a_lost_value_is_never_read_as_one(
    read: Callable[[Cell], object], lost: Broken, fault: CellFault
) -> None:
    with pytest.raises(CellRefused) as caught:
        read(lost)

    assert caught.value.fault is fault
    assert written(lost) == lost.shown
