"""A number of a stranger: plain digits and none too large, or nothing at all."""

import pytest

from bihuan.core.numerals import LARGEST, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST), ("20", 20)],
)
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " 7", "-1", "+1", "1.0", "1e3", "²", "٣", "七", str(LARGEST + 1), "9" * 5000, "1\n"],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert whole(text) is None


def test_a_number_may_have_a_largest() -> None:
    assert whole("99", most=99) == 99
    assert whole("100", most=99) is None
