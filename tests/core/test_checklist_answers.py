"""Answers to a checklist: what fails, what is asked, which photos are owed, and the score."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core import checklist_answers as answers
from bihuan.core.checklist import (
    NO,
    NOT_APPLICABLE,
    YES,
    AnswerType,
    Choice,
    Condition,
    Content,
    Item,
    Section,
)
from bihuan.core.checklist_answers import InvalidAnswer, State
from bihuan.core.rules import Bilingual
from tests.core.checklists import answered, numbers

TEXT = Bilingual("问", "")
YES_NO = Item("a", TEXT, score=2, photo_when_failed=True)
NUMBER = Item("n", TEXT, AnswerType.NUMBER, low=Decimal(2), high=Decimal("3.5"), score=3)
CHOICE = Item(
    "c",
    TEXT,
    AnswerType.CHOICE,
    choices=(Choice("bad", TEXT, True), Choice("good", TEXT)),
    score=5,
)
WRITTEN = Item("w", TEXT, AnswerType.TEXT)


def _list(*items: Item, full_score: int = 0) -> Content:
    return Content((Section("s", TEXT, items),), full_score)


@pytest.mark.parametrize(
    ("item", "value", "state"),
    [
        (YES_NO, YES, State.OK),
        (YES_NO, NO, State.FAILED),
        (replace(YES_NO, failing=YES), YES, State.FAILED),
        (replace(YES_NO, failing=YES), NO, State.OK),
        (NUMBER, "1.99", State.FAILED),
        (NUMBER, "2", State.OK),
        (NUMBER, "3.5", State.OK),
        (NUMBER, "3.51", State.FAILED),
        (replace(NUMBER, low=None), "-100", State.OK),
        (replace(NUMBER, high=None), "100", State.OK),
        (CHOICE, "bad", State.FAILED),
        (CHOICE, "good", State.OK),
        (WRITTEN, "不", State.OK),
        (replace(WRITTEN, answer=AnswerType.PHOTO), "7", State.OK),
        (replace(WRITTEN, answer=AnswerType.SIGNATURE), "7", State.OK),
        *((item, NOT_APPLICABLE, State.NOT_APPLICABLE) for item in (YES_NO, NUMBER, CHOICE)),
    ],
)
def test_an_answer_is_judged(item: Item, value: str, state: State) -> None:
    assert answers.judge(item, value) is state


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [("3", "3"), (" 3.50 ", "3.5"), ("３．５", "3.5"), ("+4", "4"), ("-0.0", "0"), ("007", "7"),
     ("1000", "1000"), (".5", "0.5")],
)  # fmt: skip
def test_a_number_is_stored_in_one_form(given_text: str, stored: str) -> None:
    assert answers.read_answer(NUMBER, given_text) == stored


@given(numbers)
def test_a_stored_number_is_read_as_itself(number: Decimal) -> None:
    text = answers.written(number)

    assert Decimal(text) == number
    assert answers.read_answer(NUMBER, text) == text


@pytest.mark.parametrize(
    ("item", "value"),
    [
        *((NUMBER, text) for text in
          ("", "x", "1e3", "NaN", "Infinity", "1.2.3", "--1", "1_000", "9" * 31, "1.0000001")),
        (NUMBER, "1000000001"),
        *((YES_NO, text) for text in ("", "maybe", "YES", "是", "\x00")),
        *((CHOICE, text) for text in ("", "other", "yes")),
        *((WRITTEN, text) for text in ("", "  ", "字" * 2001, "a\x00b")),
        (replace(YES_NO, may_not_apply=False), NOT_APPLICABLE),
        (replace(WRITTEN, may_not_apply=False), NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_an_answer_that_the_item_cannot_have_is_refused(item: Item, value: str) -> None:
    with pytest.raises(InvalidAnswer):
        answers.read_answer(item, value)


@given(st.text(), st.sampled_from([YES_NO, NUMBER, CHOICE, WRITTEN]))
def test_whatever_is_typed_is_refused_or_can_be_judged(text: str, item: Item) -> None:
    try:
        stored = answers.read_answer(item, text)
    except InvalidAnswer:
        return

    assert answers.read_answer(item, stored) == stored
    assert answers.judge(item, stored) in State


def test_an_item_is_asked_only_when_its_condition_is_met() -> None:
    second = replace(CHOICE, condition=Condition("a", (NO,)))
    third = replace(WRITTEN, condition=Condition("c", ("bad",)))
    content = _list(YES_NO, second, third)

    assert [i.key for i in answers.shown(content, {})] == ["a"]
    assert [i.key for i in answers.shown(content, {"a": NO})] == ["a", "c"]
    assert [i.key for i in answers.shown(content, {"a": NO, "c": "bad"})] == ["a", "c", "w"]
    # The answer of an item that is no longer asked counts for nothing.
    assert [i.key for i in answers.shown(content, {"a": YES, "c": "bad"})] == ["a"]


def test_what_is_asked_and_required_has_to_be_answered() -> None:
    content = _list(YES_NO, replace(NUMBER, required=False), CHOICE)

    assert answers.unanswered(content, {"a": YES}) == (CHOICE,)


def test_a_failed_item_owes_its_photo() -> None:
    content = _list(YES_NO, CHOICE)
    values = {"a": NO, "c": "bad"}

    assert answers.needs_photo(YES_NO, NO)
    assert not answers.needs_photo(YES_NO, YES)
    assert not answers.needs_photo(CHOICE, "bad")
    assert answers.failed(content, values) == (YES_NO, CHOICE)
    assert answers.photos_missing(content, values, ()) == (YES_NO,)
    assert answers.photos_missing(content, values, ["a"]) == ()


def test_the_score_leaves_out_what_does_not_apply_or_is_not_asked() -> None:
    asked_later = replace(CHOICE, condition=Condition("a", (NO,)))
    content = _list(YES_NO, NUMBER, asked_later, full_score=100)

    whole = answers.score(content, {"a": YES, "n": "2"})
    half = answers.score(content, {"a": YES, "n": "9"})
    without = answers.score(content, {"a": YES, "n": NOT_APPLICABLE})

    assert (whole.reached, whole.possible, whole.points) == (5, 5, Decimal(100))
    assert (half.reached, half.possible, half.points) == (2, 5, Decimal(40))
    assert (without.reached, without.possible, without.points) == (2, 2, Decimal(100))


def test_the_full_score_is_the_sum_if_none_is_set() -> None:
    content = _list(YES_NO, NUMBER, CHOICE)

    assert answers.score(content, {"a": YES, "n": "2", "c": "bad"}).points == Decimal(5)
    assert answers.score(content, {}).points == 0
    assert answers.score(_list(WRITTEN), {"w": "x"}).points is None


@given(answered())
@settings(max_examples=20)
def test_a_score_is_never_below_zero_or_above_the_full_score(
    both: tuple[Content, dict[str, str]],
) -> None:
    found = answers.score(*both)

    assert 0 <= found.reached <= found.possible
    assert found.points is None or 0 <= found.points <= found.full


@given(answered())
@settings(max_examples=20)
def test_what_fails_or_is_missing_is_always_asked(both: tuple[Content, dict[str, str]]) -> None:
    content, values = both
    asked = set(answers.shown(content, values))

    assert set(answers.failed(content, values)) <= asked
    assert set(answers.unanswered(content, values)) <= asked
    assert set(answers.photos_missing(content, values, ())) <= set(answers.failed(content, values))
