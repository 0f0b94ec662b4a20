"""The differences between two versions of a checklist, item by item."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from bihuan.core.checklist import Content, Item, Section


class Difference(StrEnum):
    """What became of an item."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class ItemChange:
    """One item that differs; for a change, the names of the fields that do."""

    difference: Difference
    before: Item | None
    after: Item | None
    fields: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        item = self.after or self.before
        assert item is not None
        return item.key


@dataclass(frozen=True)
class Changes:
    """Everything that differs; `titles` are sections whose heading or presence differs."""

    items: tuple[ItemChange, ...]
    titles: tuple[tuple[Section | None, Section | None], ...]
    full_score: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.items or self.titles or self.full_score)


def changes(before: Content, after: Content) -> Changes:
    """Compare two versions: what is new or changed in the order of the later one, then the rest."""
    old = {item.key: (item, section.key) for section in before.sections for item in section.items}
    new = {item.key: (item, section.key) for section in after.sections for item in section.items}
    stayed = [key for key in new if key in old]
    moved = _moved([key for key in old if key in new], stayed)
    found = [
        change
        for key, (item, section) in new.items()
        if (change := _of_item(old.get(key), item, section, key in moved)) is not None
    ]
    gone = (ItemChange(Difference.REMOVED, old[key][0], None) for key in old if key not in new)
    scores = (before.full_score, after.full_score)
    return Changes(
        (*found, *gone), _titles(before, after), scores if scores[0] != scores[1] else None
    )


def _of_item(
    old: tuple[Item, str] | None, item: Item, section: str, is_moved: bool
) -> ItemChange | None:
    if old is None:
        return ItemChange(Difference.ADDED, None, item)
    before, section_before = old
    names = tuple(f.name for f in fields(Item) if getattr(before, f.name) != getattr(item, f.name))
    if names:
        return ItemChange(Difference.CHANGED, before, item, names)
    if is_moved or section_before != section:
        return ItemChange(Difference.MOVED, before, item)
    return None


def _moved(before: list[str], after: list[str]) -> frozenset[str]:
    """Return the items outside the longest run that kept its order."""
    place = {key: number for number, key in enumerate(before)}
    none: tuple[str, ...] = ()
    runs = [none]
    for key in after:
        earlier = (run for run in runs if not run or place[run[-1]] < place[key])
        longest = max(earlier, key=len)
        runs.append((*longest, key))
    longest = max(runs, key=len)
    return frozenset(after) - frozenset(longest)


def _titles(before: Content, after: Content) -> tuple[tuple[Section | None, Section | None], ...]:
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    changed = [
        (old.get(key), section)
        for key, section in new.items()
        if key not in old or old[key].title != section.title
    ]
    return (*changed, *((section, None) for key, section in old.items() if key not in new))
