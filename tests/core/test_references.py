"""Numbers are understood however they are typed or pasted."""

from __future__ import annotations

import pytest

from bihuan.core.references import named, own, references

SERIES = {"YH", "XF"}


@pytest.mark.parametrize(
    "typed",
    [
        "YH-2026-000290", "yh-2026-000290", "YH2026000290",
        "ＹＨ－２０２６－０００２９０", "编号YH-2026-000290",
        "编号：YH-2026-000290", "事项编号: yh2026000290。",
        "YH–2026–000290", "YH-2026-\u200b000290",
        "YH-2026-000290 三楼疏散通道", "（YH-2026-000290）", " YH-2026-000290 ",
    ],
)  # fmt: skip
def test_a_number_of_ours_is_known_in_every_writing(typed: str) -> None:
    assert own(typed, SERIES) == "YH-2026-000290"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("yh", "YH"), ("YH-", "YH"), ("YH2026", "YH-2026"), ("yh-2026-0002", "YH-2026-0002")],
)
def test_its_beginning_is_known_too(typed: str, expected: str) -> None:
    assert own(typed, SERIES) == expected


@pytest.mark.parametrize(
    "typed",
    ["WC", "TB", "LP-2026-001", "AQ2026001", "编号牌", "", "YHX", "学校", "XYH-2026-000290"],
)
def test_other_words_and_numbers_are_none_of_ours(typed: str) -> None:
    assert own(typed, SERIES) == ""


@pytest.mark.parametrize(
    "typed", ["AQ2026001", "aq2026001", "编号AQ2026001", "编号：ＡＱ２０２６００１", "AQ2026001。"]
)
def test_the_number_of_another_ledger_is_looked_for_as_it_stands_there(typed: str) -> None:
    assert "AQ2026001" in references(typed)


def test_words_are_no_numbers() -> None:
    assert references("疏散通道") == frozenset()
    assert named("编号牌脱落") == "编号牌脱落"
