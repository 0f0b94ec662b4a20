"""Queries for the subject tree: all of it, parts of it, and form choices."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.cases.categories import Offered
from bihuan.core.grievance import GRIEVANCE
from bihuan.grievances.models import Category
from bihuan.orgs import choices

DATA = Path(__file__).parent / "data" / "categories.toml"
LEVELS = 3
AT_MOST = 50
STEP = 2  # digits of a code for each level


class Shipped(NamedTuple):
    """One node of the tree in the release."""

    code: str
    zh: str
    en: str
    kind: str

    @property
    def parent(self) -> str:
        return self.code[:-STEP]


@cache
def shipped() -> tuple[Shipped, ...]:
    """Return the tree of the release, every node after its parent."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return tuple(
        Shipped(code, row["zh"], row["en"], row.get("kind", GRIEVANCE.kind))
        for code, row in sorted(rows.items())
    )


@dataclass
class Node:
    """A category with those below it; `way` are the names above."""

    category: Category
    depth: int
    way: tuple[str, ...]
    below: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        return name_of(self.category)

    @property
    def full_name(self) -> str:
        return " · ".join((*self.way, self.name))

    def walk(self) -> Iterable[Node]:
        yield self
        for node in self.below:
            yield from node.walk()


def name_of(category: Category) -> str:
    """Return the category's name in the reader's language."""
    return choices.in_language(category.name, category.name_en)


def ordered() -> QuerySet[Category]:
    return Category.objects.order_by("order", "code")


def in_force() -> QuerySet[Category]:
    """Return the categories that are not retired."""
    return ordered().filter(retired_at=None)


def tree(*, with_retired: bool = False) -> list[Node]:
    """Return the whole tree in one query; it has hundreds of nodes, not thousands."""
    by_parent: dict[int | None, list[Category]] = {}
    for category in ordered() if with_retired else in_force():
        by_parent.setdefault(category.parent_id, []).append(category)
    return _grown(by_parent, None, 0, ())


def _grown(
    by_parent: dict[int | None, list[Category]],
    parent: int | None,
    depth: int,
    way: tuple[str, ...],
) -> list[Node]:
    nodes = []
    for category in by_parent.get(parent, ()):
        node = Node(category, depth, way)
        node.below = _grown(by_parent, category.pk, depth + 1, (*way, node.name))
        nodes.append(node)
    return nodes


def search(words: str) -> list[Node]:
    """Return categories with these words in one of their names, in the order of the tree."""
    sought = words.casefold()
    found = []
    for top in tree(with_retired=True):
        for node in top.walk():
            if sought in f"{node.category.name}\n{node.category.name_en}".casefold():
                found.append(node)
    return found[:AT_MOST]


def above(category: Category) -> list[Category]:
    """Return the categories above this one, top first."""
    over: list[Category] = []
    while category.parent is not None:
        category = category.parent
        over.insert(0, category)
    return over


def offered(*kinds: str) -> Offered:
    """Return the leaves that forms offer by their codes, as choices grouped by parent."""
    return _grouped(kinds, lambda category: category.code)


def offered_by_name(kind: str) -> Offered:
    """Return the same leaves by the names that a case stores."""
    return _grouped((kind,), lambda category: category.name)


def _grouped(kinds: Collection[str], value: Callable[[Category], str]) -> Offered:
    groups: dict[str, list[tuple[str, str]]] = {}
    for top in tree():
        for node in top.walk():
            category = node.category
            if node.below or not category.is_offered or (kinds and category.kind not in kinds):
                continue
            group = " · ".join(node.way) or _("Others")
            groups.setdefault(group, []).append((value(category), node.name))
    return list(groups.items())


def coded(code: str) -> Category | None:
    """Return the category with this code, unless it is retired."""
    return in_force().filter(code=code).first() if code else None
