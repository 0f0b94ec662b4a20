"""An inspection as its pages show it: sections with items, answers and photos in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan import languages
from bihuan.checklists import shown as lists
from bihuan.core.checklist import NOT_APPLICABLE, AnswerType, Item
from bihuan.inspections import wording
from bihuan.inspections.models import Answer, Photo, Settlement
from bihuan.inspections.queries import Record

TYPED = {AnswerType.NUMBER: "number", AnswerType.TEXT: "text"}


@dataclass(frozen=True)
class ShownItem:
    """One item with its answer, for a form or for a page."""

    number: int
    item: Item
    answer: Answer | None
    photos: Sequence[Photo]
    settlement: Settlement | None
    is_asked: bool
    # What a plain form brought that was not saved.
    error: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def text(self) -> str:
        return wording.item_text(self.item)

    @property
    def help(self) -> str:
        return languages.name(self.item.help.zh, self.item.help.en)

    @property
    def basis(self) -> str:
        return languages.name(self.item.basis.zh, self.item.basis.en)

    @property
    def doubt(self) -> str:
        """How sure the basis is, where it is not sure."""
        return lists.doubt(self.item.confidence)

    @property
    def value(self) -> str:
        stored = self.answer.value if self.answer else ""
        return self.typed.get("value", stored)

    @property
    def note(self) -> str:
        stored = self.answer.note if self.answer else ""
        return self.typed.get("note", stored)

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0

    @property
    def state(self) -> str:
        return self.answer.state if self.answer else ""

    @property
    def words(self) -> str:
        return wording.answer_words(self.item, self.answer.value if self.answer else "")

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.value) for value, label in wording.options(self.item)]

    @property
    def input_type(self) -> str:
        """The type of the field in which the answer is typed; empty if it is tapped."""
        return TYPED.get(self.item.answer, "")

    @property
    def typed_value(self) -> str:
        return "" if self.value == NOT_APPLICABLE else self.value

    @property
    def failing(self) -> str:
        """The values that fail, for the script of the page."""
        item = self.item
        if item.answer is AnswerType.YES_NO:
            return json.dumps([item.failing])
        if item.answer is AnswerType.CHOICE:
            return json.dumps([each.key for each in item.choices if each.fails])
        return ""

    @property
    def low(self) -> str:
        return "" if self.item.low is None else f"{self.item.low:f}"

    @property
    def high(self) -> str:
        return "" if self.item.high is None else f"{self.item.high:f}"

    @property
    def condition(self) -> str:
        condition = self.item.condition
        if condition is None:
            return ""
        return json.dumps({"item": condition.item, "values": [*condition.values]})

    @property
    def pictures(self) -> list[dict[str, Any]]:
        return [picture(each) for each in self.photos]


@dataclass(frozen=True)
class ShownSection:
    key: str
    title: str
    items: Sequence[ShownItem]

    @property
    def is_asked(self) -> bool:
        return any(item.is_asked for item in self.items)


def sections(record: Record, typed: dict[str, dict[str, str]] | None = None) -> list[ShownSection]:
    """Return all sections; items that are not asked are among them, and marked."""
    numbered = _items(record, typed or {})
    return [
        ShownSection(
            section.key,
            languages.name(section.title.zh, section.title.en),
            [next(numbered) for _item in section.items],
        )
        for section in record.content.sections
    ]


def _items(record: Record, typed: dict[str, dict[str, str]]) -> Iterator[ShownItem]:
    asked = {item.key for item in record.shown}
    for number, item in enumerate(record.content.items, 1):
        given = typed.get(item.key, {})
        yield ShownItem(
            number,
            item,
            record.answers.get(item.key),
            record.photos_of(item.key),
            record.settlements.get(item.key),
            item.key in asked,
            given.get("error", ""),
            given,
        )


def named(record: Record, items: Sequence[Item]) -> list[tuple[str, str]]:
    """Return the keys of items, each with its number and text."""
    numbers = {item.key: number for number, item in enumerate(record.content.items, 1)}
    return [(item.key, f"{numbers[item.key]}. {wording.item_text(item)}") for item in items]


def pictured(record: Record) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the items that have photos, in the order of the checklist."""
    return [
        (text, [picture(each) for each in photos])
        for key, text in named(record, record.content.items)
        if (photos := record.photos_of(key))
    ]


def picture(photo: Photo) -> dict[str, Any]:
    """Return a photo as pages and their scripts show it."""
    url = reverse("inspections:photo", args=[photo.inspection_id, photo.pk])
    return {
        "id": photo.pk,
        "url": url,
        "small": f"{url}?size=small",
        "remove": reverse("inspections:remove-photo", args=[photo.inspection_id, photo.pk]),
        "alt": _("Photo of an item"),
        "purpose": photo.purpose,
        "purpose_words": photo.get_purpose_display(),
    }
