"""What may stand in place of somebody's words, and what a refusal has to say."""

from __future__ import annotations

import pytest

from bihuan.core import amending
from bihuan.core.amending import AmendmentOutcome, Basis, NotOnlyLeftOut
from bihuan.core.refusal import Missing

WORDS = "张三的店占了人行道。他的电话是八八八。晚上很吵。"


@pytest.mark.parametrize(
    "left",
    ["×××的店占了人行道。×××", "张三的店占了人行道。×××晚上很吵。", "×××", " ××× 晚上很吵。"],
)
def test_words_may_be_left_out_with_a_gap_in_their_place(left: str) -> None:
    assert amending.require_left_out(WORDS, left) == left


@pytest.mark.parametrize(
    "left",
    ["", WORDS, "张三的店占了人行道。", "×××李四的店", "晚上很吵。×××张三", "张三×××张三"],
)
def test_nothing_is_put_into_the_words_or_moved_about(left: str) -> None:
    with pytest.raises(NotOnlyLeftOut):
        amending.require_left_out(WORDS, left)


@pytest.mark.parametrize(
    "left",
    [
        "晚上很吵。×××",
        "×××张三的店占了人行道。",
        "他的电话是八八八。×××晚上很吵。",
        "×××晚上很×××",
        "张三×××店占了人行道。×××的电话是八八八。",
    ],
)
def test_a_gap_stands_wherever_something_is_left_out(left: str) -> None:
    words = "没有。" + left.replace("×××", "什么")

    assert amending.require_left_out(words, f"×××{left}") == f"×××{left}"
    with pytest.raises(NotOnlyLeftOut):
        amending.require_left_out(words, left.removeprefix("×××"))


@pytest.mark.parametrize(
    "left", ["张三×××的店占了人行道。", "张三的店占了人行道。×××", "×××张三的店占了人行道。"]
)
def test_a_gap_in_which_nothing_was_left_out_grants_nothing(left: str) -> None:
    with pytest.raises(NotOnlyLeftOut):
        amending.require_left_out("张三的店占了人行道。", left)


def test_words_that_were_masked_before_are_no_gap_of_the_decision() -> None:
    with pytest.raises(NotOnlyLeftOut):
        amending.require_left_out("电话×××", "电话×××")


@pytest.mark.parametrize(
    "left", ["晚上很吵。", "李四的店占了人行道。晚上很吵。", "李四的店占了人行道。\n晚上很吵。"]
)
def test_a_correction_in_part_takes_sentences_of_either(left: str) -> None:
    assert amending.require_made_of(left, WORDS, "李四的店占了人行道。") == left


@pytest.mark.parametrize(
    "left",
    [
        "晚上不吵。",
        "晚上很吵。情况属实。",
        "李四的店占了人行道，晚上很吵。",
        # A piece of a sentence may say the contrary of it.
        "占了人行道。",
        "吵。",
        "晚上很",
    ],
)
def test_a_correction_in_part_holds_no_words_of_the_office(left: str) -> None:
    with pytest.raises(NotOnlyLeftOut):
        amending.require_made_of(left, WORDS, "李四的店占了人行道。")


def test_a_correction_in_part_that_changes_nothing_is_none() -> None:
    with pytest.raises(NotOnlyLeftOut):
        amending.require_made_of(f" {WORDS}", WORDS, "李四的店占了人行道。")


@pytest.mark.parametrize("outcome", [AmendmentOutcome.PARTLY, AmendmentOutcome.REFUSED])
@pytest.mark.parametrize(
    ("answer", "basis", "lacks"),
    [
        ("", "kept", ("answer",)),
        ("……", "kept", ("answer",)),
        ("须存档", "", ("basis",)),
        ("须存档", "because", ("basis",)),
        ("", "", ("answer", "basis")),
    ],
)
def test_what_is_not_granted_in_full_says_why_and_on_what_it_rests(
    outcome: AmendmentOutcome, answer: str, basis: str, lacks: tuple[str, ...]
) -> None:
    with pytest.raises(Missing) as refused:
        amending.require_reasons(outcome, answer, basis)

    assert refused.value.what == lacks


def test_what_is_granted_needs_no_reason() -> None:
    amending.require_reasons(AmendmentOutcome.GRANTED, "", "")


def test_every_basis_names_its_article_in_both_languages() -> None:
    assert set(amending.LAW) == set(Basis)
    assert all("个人信息保护法" in law.zh and "Art" in law.en for law in amending.LAW.values())
