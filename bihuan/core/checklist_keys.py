"""The keys of items when a list comes back from a file, so that their history is found again.

A form that was exported from here has the keys of its items as names. One that was written
elsewhere has others: there an item is the same one if it asks the same in the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bihuan.core.checklist import Condition, Content, Item
from bihuan.core.rules import Bilingual

# What is compared, as its key and its words.
Named = Sequence[tuple[str, str]]
Keys = Mapping[str, str]


def kept(before: Content, after: Content) -> Content:
    """Return the later content with the keys that its sections, items and answers had before."""
    taken = {*(section.key for section in after.sections), *(item.key for item in after.items)}
    sections = _renamed(_sections(before), _sections(after), taken)
    items = _renamed(_items(before), _items(after), taken)
    old = {item.key: item for item in before.items}
    answers = {
        item.key: _renamed(_answers(old.get(items.get(item.key, item.key))), _answers(item))
        for item in after.items
    }
    return replace(
        after,
        sections=tuple(
            replace(
                section,
                key=sections.get(section.key, section.key),
                items=tuple(_item(item, items, answers) for item in section.items),
            )
            for section in after.sections
        ),
    )


def _item(item: Item, items: Keys, answers: Mapping[str, Keys]) -> Item:
    condition, own = item.condition, answers[item.key]
    if condition is not None:
        named = answers.get(condition.item, {})
        values = tuple(named.get(value, value) for value in condition.values)
        condition = Condition(items.get(condition.item, condition.item), values)
    choices = tuple(replace(each, key=own.get(each.key, each.key)) for each in item.choices)
    key = items.get(item.key, item.key)
    return replace(item, key=key, choices=choices, condition=condition)


def _renamed(before: Named, after: Named, taken: set[str] | frozenset[str] = frozenset()) -> Keys:
    """Return the keys that change: those of what came with the words of what is otherwise gone.
    Words that are there twice say nothing.
    """
    keys_before, keys_after = {key for key, _ in before}, {key for key, _ in after}
    gone = {said: key for key, said in before if key not in keys_after | taken and said}
    come = [(said, key) for key, said in after if key not in keys_before]
    twice = {
        said
        for named in (before, after)
        for said, count in Counter(said for _, said in named).items()
        if count > 1
    }
    return {key: gone[said] for said, key in come if said in gone and said not in twice}


def _sections(content: Content) -> Named:
    return [(section.key, _words(section.title)) for section in content.sections]


def _items(content: Content) -> Named:
    return [(item.key, _words(item.text)) for item in content.items]


def _answers(item: Item | None) -> Named:
    return [(each.key, _words(each.text)) for each in item.choices] if item else []


def _words(text: Bilingual) -> str:
    """Return the words without what only looks different."""
    return "".join((text.zh or text.en).split()).casefold().rstrip("?？。.:：")
