"""The columns that an export can have, as the page on which they are chosen lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from bihuan.cases import kinds
from bihuan.core.numerals import whole
from bihuan.desk.listing import MOST_COLUMNS, Filters
from bihuan.sheets.ledger import types

LAST = 10_000


@dataclass(frozen=True)
class Column:
    """A column: its name, its title, whether it is exported, and its place."""

    name: str
    title: str
    is_chosen: bool
    place: int


@dataclass(frozen=True)
class Sheet:
    """The columns of one kind of ledger that no earlier kind has."""

    title: str
    columns: Sequence[Column]


ALL, NONE, FOUR_LISTS = "all", "none", "four-lists"
# The four lists (四个清单) of problems, measures, responsibilities and time limits: the columns of
# each, by the names that every kind of ledger uses; a kind without one of them leaves it out.
OF_FOUR_LISTS: Mapping[str, Sequence[str]] = {
    "problem": ("title", "place"),
    "measures": ("measures",),
    "responsibility": ("unit", "resolver_name"),
    "time limit": ("deadline", "stage"),
}


def four_lists() -> str:
    """Return the columns of the four lists as the address of the ledger names them."""
    return ",".join(name for names in OF_FOUR_LISTS.values() for name in names)


def sheets(requested: Mapping[str, str], ticked: str = "") -> list[Sheet]:
    """Return what the filters may export, the chosen columns first; `ticked` may say that all are
    ticked, or none.
    """
    filters = Filters.of(requested)
    of_cases = {kind.name for kind in kinds.every()}
    ledgers = [
        each for each in types.every() if each.kind in of_cases and filters.kind in ("", each.kind)
    ]
    places = {name: n for n, name in enumerate(filters.export)}
    found: list[Sheet] = []
    known: set[str] = set()

    def is_chosen(name: str) -> bool:
        return ticked == ALL or (ticked != NONE and (not places or name in places))

    for each in ledgers or [types.first()]:
        own = [field for field in each.vocabulary.fields if field.name not in known]
        known |= {field.name for field in own}
        own.sort(key=lambda field: places.get(field.name, LAST))
        columns = [
            Column(field.name, str(field.title), is_chosen(field.name), n)
            for n, field in enumerate(own, start=len(known) - len(own) + 1)
        ]
        found.append(Sheet(str(each.sheet), columns))
    return [sheet for sheet in found if sheet.columns]


def ordered(given: QueryDict, offered: Sequence[Sheet]) -> list[str]:
    """Return the ticked columns by the places that the form gives them."""
    ticked = set(given.getlist("column"))
    chosen = [each for sheet in offered for each in sheet.columns if each.name in ticked]

    def place(each: Column) -> int:
        return whole(given.get(f"place-{each.name}", "")) or LAST

    return [each.name for each in sorted(chosen, key=place)][:MOST_COLUMNS]
