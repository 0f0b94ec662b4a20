"""Changes of a draft: each takes the content and returns the changed one.

A key that is not in the list changes nothing, so that a page opened earlier does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bihuan.core.checklist import Content, Item, Section
from bihuan.core.rules import Bilingual

Items = tuple[Item, ...]


def add_section(content: Content, key: str, title: Bilingual) -> Content:
    """Add an empty section at the end."""
    return replace(content, sections=(*content.sections, Section(key, title)))


def rename_section(content: Content, key: str, title: Bilingual) -> Content:
    return _in_section(content, key, lambda section: replace(section, title=title))


def remove_section(content: Content, key: str) -> Content:
    """Remove a section with its items."""
    return replace(content, sections=tuple(s for s in content.sections if s.key != key))


def move_section(content: Content, key: str, steps: int) -> Content:
    """Move a section up (-1) or down (1)."""
    sections = list(content.sections)
    place = next((n for n, section in enumerate(sections) if section.key == key), None)
    if place is None or not 0 <= place + steps < len(sections):
        return content
    sections.insert(place + steps, sections.pop(place))
    return replace(content, sections=tuple(sections))


def add_item(content: Content, section: str, item: Item) -> Content:
    """Add an item at the end of a section."""
    return _in_section(content, section, lambda s: replace(s, items=(*s.items, item)))


def change_item(content: Content, item: Item, section: str = "") -> Content:
    """Replace the item with this key; it goes to the end of another section, if one is named."""
    if section and section != section_of(content, item.key):
        return add_item(remove_item(content, item.key), section, item)
    return _with_items(
        content, lambda items: tuple(item if i.key == item.key else i for i in items)
    )


def remove_item(content: Content, key: str) -> Content:
    return _with_items(content, lambda items: tuple(item for item in items if item.key != key))


def copy_item(content: Content, key: str, new_key: str) -> Content:
    """Put a copy behind the item; it is a question of its own, with a key of its own."""

    def copied(items: Items) -> Items:
        return tuple(
            each
            for item in items
            for each in ((item, replace(item, key=new_key)) if item.key == key else (item,))
        )

    return _with_items(content, copied)


def move_item(content: Content, key: str, steps: int) -> Content:
    """Move an item up (-1) or down (1), at the edge of its section into the next one."""
    sections = [list(section.items) for section in content.sections]
    found = [
        (s, n) for s, items in enumerate(sections) for n, i in enumerate(items) if i.key == key
    ]
    if not found:
        return content
    section, place = found[0]
    item = sections[section].pop(place)
    if 0 <= place + steps <= len(sections[section]):
        sections[section].insert(place + steps, item)
    elif 0 <= section + steps < len(sections):
        beside = sections[section + steps]
        beside.insert(len(beside) if steps < 0 else 0, item)
    else:
        return content
    changed = (replace(s, items=tuple(i)) for s, i in zip(content.sections, sections, strict=True))
    return replace(content, sections=tuple(changed))


def section_of(content: Content, key: str) -> str:
    """Return the key of the section that has the item; empty if none has."""
    found = (s.key for s in content.sections for item in s.items if item.key == key)
    return next(found, "")


def _in_section(content: Content, key: str, change: Callable[[Section], Section]) -> Content:
    sections = tuple(change(s) if s.key == key else s for s in content.sections)
    return replace(content, sections=sections)


def _with_items(content: Content, change: Callable[[Items], Items]) -> Content:
    sections = tuple(replace(s, items=change(s.items)) for s in content.sections)
    return replace(content, sections=sections)
