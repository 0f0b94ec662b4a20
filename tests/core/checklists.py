"""Contents of checklists that may be in use, for properties."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bihuan.core.checklist import (
    NO,
    NOTHING,
    YES,
    AnswerType,
    Choice,
    Condition,
    Content,
    HazardHint,
    Item,
    Section,
)
from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence

LETTERS = "消防安全通道门窗abcXYZ019（），。<>&=\"'+-@"
words = st.text(LETTERS, min_size=1, max_size=12)
texts = st.builds(Bilingual, words, st.just("") | words)
optional = st.just(NOTHING) | texts
numbers = st.decimals(-1000, 1000, places=2, allow_nan=False)
days = st.none() | st.integers(1, 90)
criteria = st.sampled_from(["", "CRI-1/13.2"])
trades = st.sampled_from(["", "market"])
categories = st.sampled_from(["", "fire.exit"])
hints = st.none() | st.builds(
    HazardHint, categories, st.sampled_from(Grade), days, criteria, trades
)


@st.composite
def _items(draw: st.DrawFn, key: str, earlier: list[Item]) -> Item:
    answer = draw(st.sampled_from(AnswerType))
    given: dict[str, Any] = {
        "key": key,
        "text": draw(texts),
        "answer": answer,
        "help": draw(optional),
        "basis": draw(optional),
        "confidence": draw(st.none() | st.sampled_from(Confidence)),
        "may_not_apply": draw(st.booleans()),
        "required": draw(st.booleans()),
        "condition": draw(st.none() | _conditions(earlier)),
    }
    if answer is AnswerType.YES_NO:
        given["failing"] = draw(st.sampled_from([YES, NO]))
    if answer is AnswerType.NUMBER:
        low, high = sorted(draw(st.tuples(numbers, numbers)))
        given |= {"low": draw(st.sampled_from([None, low])), "measure": draw(st.just("") | words)}
        given["high"] = draw(st.sampled_from([None, high]))
    if answer is AnswerType.CHOICE:
        keys = st.from_regex(r"[a-c][a-c0-9_]{0,3}", fullmatch=True)
        pairs = st.dictionaries(words, keys, min_size=2, max_size=4)
        chosen = draw(pairs.filter(lambda each: len({*each.values()}) == len(each)))
        given["choices"] = tuple(
            Choice(key, Bilingual(zh, draw(st.just("") | words)), draw(st.booleans()))
            for zh, key in chosen.items()
        )
    item = Item(**given)
    if not item.can_fail:
        return item
    return Item(
        **given,
        photo_when_failed=draw(st.booleans()),
        score=draw(st.integers(0, 20)),
        hazard=draw(hints),
    )


def _conditions(earlier: list[Item]) -> st.SearchStrategy[Condition]:
    able = [item for item in earlier if item.values]
    if not able:
        return st.nothing()
    return st.sampled_from(able).flatmap(
        lambda item: st.lists(st.sampled_from(item.values), min_size=1, unique=True).map(
            lambda values: Condition(item.key, tuple(v for v in item.values if v in values))
        )
    )


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A list without faults."""
    items: list[Item] = []
    sections = []
    for number in range(draw(st.integers(1, 3))):
        begun = len(items)
        for _ in range(draw(st.integers(1, 4))):
            items.append(draw(_items(f"i{len(items) + 1}", items)))
        title = draw(texts)
        sections.append(Section(f"s{number + 1}", title, tuple(items[begun:])))
    return Content(tuple(sections), draw(st.sampled_from([0, 100])))


def answer_to(draw: st.DrawFn, item: Item) -> str:
    """Some answer that the item can have."""
    if item.values:
        return draw(st.sampled_from(item.values))
    if item.answer is AnswerType.NUMBER:
        return f"{draw(numbers):f}"
    return draw(words)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Content, dict[str, str]]:
    """A list with answers to some of its items."""
    content = draw(contents())
    asked = [item for item in content.items if draw(st.booleans())]
    return content, {item.key: answer_to(draw, item) for item in asked}
