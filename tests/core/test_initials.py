"""Chinese words are found by the initial letters of their readings."""

import pytest

from bihuan.core import initials


@pytest.mark.parametrize(
    ("text", "typed"),
    [("王建国", "wjg"), ("石桥村", "sqc"), ("重庆", "cq"), ("单雄信", "sxx"), ("鑫昱祎", "xyy")],
)
def test_a_name_is_found_by_its_initials(text: str, typed: str) -> None:
    assert typed in initials.keys(text)


def test_letters_and_digits_count_as_they_are() -> None:
    assert initials.keys("3楼A座") == ("3laz",)


def test_a_text_without_chinese_characters_needs_no_initials() -> None:
    assert initials.keys("Wang 3") == ()


def test_a_name_with_many_readings_gives_few_keys() -> None:
    assert len(initials.keys("单重行长曾调好" * 3)) <= initials.MOST
