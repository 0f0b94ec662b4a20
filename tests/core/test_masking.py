"""What identifies somebody is taken out of words about a problem, and ordinary words stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.masking import MASK, MaskedText, is_id_card, masked

ID_CARD = "530499194912310024"  # of a county that is in no table
BODY = st.text(st.sampled_from("通道堵塞，护栏松动。灯0123-（）"), max_size=20)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (
            f"群众张某某（身份证{ID_CARD}，电话13800000000）举报通道堵塞",
            "群众×××（身份证×××，电话×××）举报通道堵塞",
        ),
        ("联系人李某13800000014", "联系人×××"),
        ("举报人：王强，住东关路", "举报人：×××，住东关路"),
        ("举报人欧阳修电话138 0000 0000", "举报人×××电话×××"),
        ("村民赵大年反映路灯不亮", "村民×××反映路灯不亮"),
        ("来电人李女士，手机+86-13800000000", "来电人×××，手机×××"),
        ("身份证号：530499491231002", "身份证号：×××"),
        ("身份证号码530499194912310023（写错）", "身份证号码×××（写错）"),
        ("业主周先生来电称漏水", "业主×××来电称漏水"),
    ],
)
def test_a_person_is_masked(text: str, stored: str) -> None:
    assert masked(text).text == stored


@pytest.mark.parametrize(
    "text",
    [
        "群众反映消防通道堵塞",
        "群众高度关注，要求尽快处理",
        "居民安全，出行方便",
        "业主周边道路积水",
        "联系人不详",
        "村民向社区反映多次",
        "工单编号20260901000123，档案号530499194912310023",
        "配电箱型号 XL-21 1380000 380V",
        "当事人双方自行和解",
        "统一社会信用代码91530499MA6K00000X",
        "群众时常反映，施工单位整改",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert masked(text) == (text, frozenset())


def test_it_says_what_it_found() -> None:
    found = masked(f"举报人王强（{ID_CARD}），电话13800000000").found

    assert found == {MaskedText.NAME, MaskedText.IDENTITY, MaskedText.PHONE}


@given(before=BODY, after=BODY)
def test_no_number_of_a_person_is_left_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before}，{ID_CARD}，13800000000，{after}"

    stored = masked(text).text

    assert ID_CARD not in stored
    assert "13800000000" not in stored


@given(st.text(max_size=80))
def test_what_was_masked_is_not_masked_again(text: str) -> None:
    once = masked(text).text

    assert masked(once).text == once


@given(BODY)
def test_words_without_a_person_are_returned_untouched(text: str) -> None:
    if MASK not in text:
        assert masked(text).text == text


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert is_id_card(ID_CARD)
    assert not is_id_card("530499194912310023")
