"""Checklists as JSON, in one canonical form with the version of its schema.

Values that are the default are left out, so that the same content is always the same text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeVar

from bihuan.core.checklist import (
    LARGEST_NUMBER,
    MOST_CHOICES,
    MOST_ITEMS,
    NO,
    NOTHING,
    AnswerType,
    Choice,
    Condition,
    Content,
    HazardHint,
    Item,
    Section,
)
from bihuan.core.checklist_answers import written
from bihuan.core.hazard import Grade
from bihuan.core.refusal import Refusal
from bihuan.core.rules import Bilingual, Confidence

SCHEMA = 1
LONGEST = 2_000_000

T = TypeVar("T")
Fields = Mapping[str, Any]


class UnreadableContent(Refusal):
    """The text is no checklist, or of a schema that is not known here."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


# ----------------------------------------------------------------------- writing
def dump(content: Content) -> str:
    """Write the content in its canonical form."""
    return json.dumps(as_data(content), ensure_ascii=False, separators=(",", ":"))


def as_data(content: Content) -> dict[str, Any]:
    said: dict[str, Any] = {"schema": SCHEMA, "sections": list(map(_section, content.sections))}
    return said | ({"full_score": content.full_score} if content.full_score else {})


def _section(section: Section) -> dict[str, Any]:
    items = [_item(item) for item in section.items]
    return {"key": section.key, "title": _words(section.title), "items": items}


def _words(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en} if text.en else {"zh": text.zh}


def _item(item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {
        "key": item.key,
        "text": _words(item.text),
        "answer": item.answer.value,
        "help": _words(item.help) if item.help != NOTHING else None,
        "basis": _words(item.basis) if item.basis != NOTHING else None,
        "confidence": item.confidence.value if item.confidence else None,
        "failing": item.failing if item.failing != NO else None,
        "may_not_apply": None if item.may_not_apply else False,
        "low": None if item.low is None else written(item.low),
        "high": None if item.high is None else written(item.high),
        "measure": item.measure or None,
        "choices": [_choice(choice) for choice in item.choices] or None,
        "photo_when_failed": True if item.photo_when_failed else None,
        "required": None if item.required else False,
        "condition": _condition(item.condition) if item.condition else None,
        "score": item.score or None,
        "hazard": _hint(item.hazard) if item.hazard else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _choice(choice: Choice) -> dict[str, Any]:
    said: dict[str, Any] = {"key": choice.key, "text": _words(choice.text)}
    return said | ({"fails": True} if choice.fails else {})


def _condition(condition: Condition) -> dict[str, Any]:
    return {"item": condition.item, "values": list(condition.values)}


def _hint(hint: HazardHint) -> dict[str, Any]:
    said: dict[str, Any] = {
        "category": hint.category or None,
        "grade": hint.grade.value,
        "days": hint.days,
        "criterion": hint.criterion or None,
        "trade": hint.trade or None,
    }
    return {name: value for name, value in said.items() if value is not None}


# ----------------------------------------------------------------------- reading
def load(text: str) -> Content:
    """Read what `dump` wrote; refuse everything else."""
    if len(text) > LONGEST:
        raise UnreadableContent("size")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise UnreadableContent("json") from wrong
    return from_data(data)


def from_data(data: Any) -> Content:
    """Read content from plain values, as JSON and TOML give them."""
    said = _fields(data, "list", {"schema", "sections", "full_score"})
    if said.get("schema") != SCHEMA:
        raise UnreadableContent("schema")
    sections = _each(said.get("sections"), "sections", _read_section, MOST_ITEMS)
    return Content(sections, _whole(said.get("full_score", 0), "full_score"))


def _read_section(data: Any) -> Section:
    said = _fields(data, "section", {"key", "title", "items"})
    items = _each(said.get("items"), "items", _read_item, 10 * MOST_ITEMS)
    return Section(_text(said.get("key"), "key"), _read_words(said.get("title")), items)


_ITEM = frozenset(field.name for field in fields(Item))


def _read_item(data: Any) -> Item:
    given = _fields(data, "item", _ITEM).get
    return Item(
        key=_text(given("key"), "key"),
        text=_read_words(given("text")),
        answer=_one(AnswerType, given("answer", AnswerType.YES_NO.value), "answer"),
        help=_read_words(given("help", {"zh": ""})),
        basis=_read_words(given("basis", {"zh": ""})),
        confidence=_perhaps(given("confidence"), lambda it: _one(Confidence, it, "confidence")),
        failing=_text(given("failing", NO), "failing"),
        may_not_apply=_flag(given("may_not_apply", True), "may_not_apply"),
        low=_perhaps(given("low"), _decimal),
        high=_perhaps(given("high"), _decimal),
        measure=_text(given("measure", ""), "measure"),
        choices=_each(given("choices", []), "choices", _read_choice, 10 * MOST_CHOICES),
        photo_when_failed=_flag(given("photo_when_failed", False), "photo_when_failed"),
        required=_flag(given("required", True), "required"),
        condition=_perhaps(given("condition"), _read_condition),
        score=_whole(given("score", 0), "score"),
        hazard=_perhaps(given("hazard"), _read_hint),
    )


def _read_choice(data: Any) -> Choice:
    said = _fields(data, "choice", {"key", "text", "fails"})
    fails = _flag(said.get("fails", False), "fails")
    return Choice(_text(said.get("key"), "key"), _read_words(said.get("text")), fails)


def _read_condition(data: Any) -> Condition:
    said = _fields(data, "condition", {"item", "values"})
    values = _each(said.get("values"), "values", lambda it: _text(it, "values"), MOST_ITEMS)
    return Condition(_text(said.get("item"), "item"), values)


def _read_hint(data: Any) -> HazardHint:
    said = _fields(data, "hazard", {"category", "grade", "days", "criterion", "trade"})
    return HazardHint(
        category=_text(said.get("category", ""), "category"),
        grade=_one(Grade, said.get("grade", Grade.GENERAL.value), "grade"),
        days=_perhaps(said.get("days"), lambda it: _whole(it, "days")),
        criterion=_text(said.get("criterion", ""), "criterion"),
        trade=_text(said.get("trade", ""), "trade"),
    )


def _read_words(data: Any) -> Bilingual:
    said = _fields(data, "words", {"zh", "en"})
    return Bilingual(_text(said.get("zh"), "zh"), _text(said.get("en", ""), "en"))


def _fields(data: Any, where: str, known: set[str] | frozenset[str]) -> Fields:
    """A field that is not known here is refused: nothing is dropped in silence."""
    if not isinstance(data, dict) or not set(data) <= known:
        raise UnreadableContent(where)
    return data


def _each(data: Any, where: str, read: Callable[[Any], T], most: int) -> tuple[T, ...]:
    if not isinstance(data, list) or len(data) > most:
        raise UnreadableContent(where)
    return tuple(map(read, data))


def _perhaps(data: Any, read: Callable[[Any], T]) -> T | None:
    return None if data is None else read(data)


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str) or "\x00" in data or _is_odd(data):
        raise UnreadableContent(where)
    return data


def _is_odd(text: str) -> bool:
    """Whether it has half a character, which fits in no file."""
    return any("\ud800" <= each <= "\udfff" for each in text)


def _flag(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise UnreadableContent(where)
    return data


def _whole(data: Any, where: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or abs(data) > LARGEST_NUMBER:
        raise UnreadableContent(where)
    return data


def _decimal(data: Any) -> Decimal:
    text = _text(data, "number")
    if len(text) > 30 or not set(text) <= set("-.0123456789"):
        raise UnreadableContent("number")
    try:
        return Decimal(text)
    except ArithmeticError as wrong:
        raise UnreadableContent("number") from wrong


def _one(kind: Callable[[Any], T], data: Any, where: str) -> T:
    try:
        return kind(data)
    except ValueError as wrong:
        raise UnreadableContent(where) from wrong
