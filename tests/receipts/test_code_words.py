"""A code as words: in Chinese five characters, none of them harsh, and all earlier ones valid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from bihuan.core import codes as core
from bihuan.receipts import codes

LIST = Mnemonic("chinese_simplified").wordlist
CODES = st.integers(0, 10**core.DIGITS - 1).map(lambda number: f"{number:0{core.DIGITS}}")


@pytest.mark.parametrize("character", "滚刀肠讼监死罪")
def test_a_harsh_character_is_no_longer_written(character: str) -> None:
    at = LIST.index(character)
    code = f"{at * core.LIST_LENGTH + at:0{core.DIGITS}}"

    assert character in "".join(core.as_words(code, LIST))
    assert character not in codes.phrase(code, "zh-hans")


@given(CODES)
def test_the_words_of_today_and_those_on_earlier_receipts_mean_the_same(code: str) -> None:
    assert codes.understood(codes.phrase(code, "zh-hans")) == code
    assert codes.understood("".join(core.as_words(code, LIST))) == code


def test_no_character_means_two_places() -> None:
    words = [codes.phrase(f"{at:0{core.DIGITS}}", "zh-hans")[-1] for at in range(len(LIST))]

    assert len(set(words)) == core.LIST_LENGTH
    new = set(words) - set(LIST)
    assert len(new) == len(set(LIST) - set(words)) == 70
