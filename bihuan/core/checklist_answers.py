"""Answers to a checklist: what fails, what is asked at all, and the score.

An answer is a text: "yes", "no", a number with a decimal point, the key of a choice, typed words,
or the reference of a photo or a signature; "not_applicable" wherever an item may not apply.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from bihuan.core.checklist import LARGEST_NUMBER, NOT_APPLICABLE, AnswerType, Content, Item
from bihuan.core.refusal import Refusal

LONGEST_ANSWER = 2000
PLACES = 6


class State(StrEnum):
    """What an answer means for the rule that the item asks about."""

    OK = "ok"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class InvalidAnswer(Refusal):
    """The item cannot have this answer."""

    def __init__(self, item: str, answer: AnswerType) -> None:
        super().__init__(item, answer)
        self.item, self.answer = item, answer


def read_answer(item: Item, given: str) -> str:
    """Return the answer as it is stored; refuse what the item cannot have."""
    text = given.strip()
    if text == NOT_APPLICABLE:
        if item.may_not_apply:
            return text
        raise InvalidAnswer(item.key, item.answer)
    match item.answer:
        case AnswerType.NUMBER:
            return _number(item, text)
        case AnswerType.YES_NO | AnswerType.CHOICE:
            fits = text in item.values
        case _:
            fits = 0 < len(text) <= LONGEST_ANSWER and "\x00" not in text
    if not fits:
        raise InvalidAnswer(item.key, item.answer)
    return text


def _number(item: Item, text: str) -> str:
    """Read a number, also in full-width digits, and return it without superfluous zeros."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain or len(plain) > 30 or not set(plain) <= set("+-.0123456789"):
        raise InvalidAnswer(item.key, item.answer)
    try:
        number = Decimal(plain)
    except InvalidOperation as wrong:
        raise InvalidAnswer(item.key, item.answer) from wrong
    if abs(number) > LARGEST_NUMBER or number != round(number, PLACES):
        raise InvalidAnswer(item.key, item.answer)
    return written(number)


def written(number: Decimal) -> str:
    """Write a number without an exponent and without superfluous zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "+0", "") else text.removeprefix("+")


def judge(item: Item, value: str) -> State:
    """Return what a stored answer means."""
    if value == NOT_APPLICABLE:
        return State.NOT_APPLICABLE
    match item.answer:
        case AnswerType.YES_NO:
            fails = value == item.failing
        case AnswerType.NUMBER:
            fails = not _is_within(item, Decimal(value))
        case AnswerType.CHOICE:
            fails = any(choice.fails for choice in item.choices if choice.key == value)
        case _:
            fails = False
    return State.FAILED if fails else State.OK


def _is_within(item: Item, number: Decimal) -> bool:
    """Both ends of the range are in order."""
    above = item.low is None or number >= item.low
    return above and (item.high is None or number <= item.high)


def needs_photo(item: Item, value: str) -> bool:
    """Whether this answer is complete only with a photo."""
    return item.photo_when_failed and judge(item, value) is State.FAILED


def shown(content: Content, values: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the items that are asked, given the answers so far; the answer of an item that is
    itself not asked counts for nothing.
    """
    asked: dict[str, Item] = {}
    for item in content.items:
        condition = item.condition
        is_met = condition is None or (
            condition.item in asked and values.get(condition.item) in condition.values
        )
        if is_met:
            asked[item.key] = item
    return tuple(asked.values())


def unanswered(content: Content, values: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the items that are asked, required and have no answer."""
    return tuple(i for i in shown(content, values) if i.required and not values.get(i.key))


def failed(content: Content, values: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the items that are asked and whose answer fails."""
    return tuple(
        item
        for item in shown(content, values)
        if values.get(item.key) and judge(item, values[item.key]) is State.FAILED
    )


def photos_missing(
    content: Content, values: Mapping[str, str], with_photo: Iterable[str]
) -> tuple[Item, ...]:
    """Return the failed items that still need a photo."""
    has = frozenset(with_photo)
    return tuple(i for i in failed(content, values) if i.photo_when_failed and i.key not in has)


@dataclass(frozen=True)
class Score:
    """Points reached of those that could be; what does not apply or is not asked is left out."""

    reached: int
    possible: int
    full: int

    @property
    def points(self) -> Decimal | None:
        """Return the points in relation to the full score, to a tenth; None if nothing counts."""
        if not self.possible:
            return None
        points = Decimal(self.full) * self.reached / self.possible
        return points.quantize(Decimal("0.1"), ROUND_HALF_UP)


def score(content: Content, values: Mapping[str, str]) -> Score:
    """Add up the scores; an item without an answer has not reached its points."""
    reached = possible = 0
    for item in shown(content, values):
        state = judge(item, values[item.key]) if values.get(item.key) else State.FAILED
        if state is State.NOT_APPLICABLE:
            continue
        possible += item.score
        reached += item.score if state is State.OK else 0
    full = content.full_score or sum(item.score for item in content.items)
    return Score(reached, possible, full)
