"""The services that can be requested, derived from the office's tree of subjects."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from bihuan import languages
from bihuan.cases import kinds
from bihuan.core.refusal import Missing, Refusal
from bihuan.core.rules import Bilingual
from bihuan.grievances import categories
from bihuan.grievances.categories import Node
from bihuan.grievances.models import Category
from bihuan.orgs.choices import in_language
from bihuan.receipts import sides

DATA = Path(__file__).parent / "data" / "attributes.toml"


class UnknownService(Refusal):
    """No service with this code is offered."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongAttribute(Refusal):
    """The attribute has a value that the service definition does not list."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# ------------------------------------------------------------------ attributes
@dataclass(frozen=True)
class Attribute:
    """A question that a client may ask in addition to the description."""

    code: str
    datatype: str
    order: int
    text: Bilingual
    values: Mapping[str, Bilingual]

    def answered(self, texts: Sequence[str]) -> str:
        """Return the answer in words; raise `WrongAttribute` for a value that is not listed."""
        if not self.values:
            return " ".join(texts)
        if not self.values.keys() >= set(texts):
            raise WrongAttribute(self.code)
        return ", ".join(languages.of(self.values[key]) for key in texts)


def attributes(kind: str) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(
            row["code"],
            row["datatype"],
            order,
            Bilingual(row["zh"], row["en"]),
            {value["key"]: Bilingual(value["zh"], value["en"]) for value in row.get("values", ())},
        )
        for order, row in enumerate(_read().get(kind, ()), start=1)
    )


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


# -------------------------------------------------------------------- services
@dataclass(frozen=True)
class Service:
    """One thing that can be reported; the category is empty if no tree has been loaded yet."""

    code: str
    kind: str
    name: str
    group: str
    description: str
    keywords: tuple[str, ...]
    subject: str
    category: Category | None = None
    is_offered: bool = True


def offered() -> list[Service]:
    """Return the services offered now, in the tree's order."""
    return [service for service in _every() if service.is_offered]


def offering(code: str) -> Service:
    """Return the service with this code, or raise a refusal that explains why there is none."""
    if not code:
        raise Missing("service_code")
    for service in offered():
        if service.code == code:
            return service
    raise UnknownService(code)


@dataclass(frozen=True)
class Names:
    """Services by code and by the names that cases use, including those no longer offered."""

    by_code: Mapping[str, Service]
    by_subject: Mapping[str, Service]

    @classmethod
    def now(cls) -> Names:
        services = list(_every())
        return cls(
            {service.code: service for service in services},
            {service.subject: service for service in reversed(services)},
        )


def _every() -> Iterator[Service]:
    tops = categories.tree(with_retired=True)
    return _of_tree(tops) if tops else _of_standards()


def _of_tree(tops: Iterable[Node]) -> Iterator[Service]:
    taking, of_one_party = _taking(), sides.with_one_party()
    for node, in_force in _leaves(tops):
        category = node.category
        if category.kind in of_one_party:
            yield Service(
                code=category.code,
                kind=category.kind,
                name=node.name,
                group=(*node.way, node.name)[0],
                description=node.full_name,
                keywords=(node.name, *reversed(node.way)),
                subject=category.name,
                category=category,
                is_offered=in_force and category.is_offered and category.kind in taking,
            )


def _leaves(nodes: Iterable[Node], in_force: bool = True) -> Iterator[tuple[Node, bool]]:
    """Return the leaves of the tree, and whether they or anything above them was retired."""
    for node in nodes:
        here = in_force and node.category.retired_at is None
        if node.below:
            yield from _leaves(node.below, here)
        else:
            yield node, here


def _of_standards() -> Iterator[Service]:
    """Return the categories of ledgers, which are offered until a tree is loaded."""
    for kind in sides.with_one_party():
        group = str(kinds.label(kind))
        for name, english in kinds.by_name(kind).categories:
            shown = in_language(name, english)
            code = slugify(english)[:24].strip("-")
            yield Service(code, kind, shown, group, shown, (shown, group), name)


def _taking() -> set[str]:
    """Return the kinds that accept public reports."""
    return set(sides.receiving())
