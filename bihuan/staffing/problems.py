"""Why a workbook cannot be imported: every wrong cell, with its place and what it contains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.orgs import district
from bihuan.orgs.actions.district import Refused
from bihuan.orgs.district import BadDistrict, Fault
from bihuan.orgs.models import Unit
from bihuan.orgs.wording import POWERS, explain
from bihuan.staffing.reading import NONE, Book, Place


@dataclass(frozen=True)
class Problem:
    """Why the workbook cannot be imported: where, what it says, and the reason."""

    place: Place
    value: str
    reason: str


def found_in(book: Book, faults: Iterable[Fault]) -> list[Problem]:
    return [_problem(book, fault) for fault in faults]


def refused_in(book: Book, refused: Iterable[BadDistrict]) -> list[Problem]:
    """Return what the rules refuse, without what only follows from a problem in another row."""
    found = []
    for bad in refused:
        if isinstance(bad, Refused):
            place, name = book.place(bad.where), book.name_of(bad.where)
            found.append(Problem(place, name, explain(bad.reason)))
            continue
        own = [fault for fault in bad.faults if not _is_planned(book, fault)]
        found += found_in(book, own)
    return found


def _is_planned(book: Book, fault: Fault) -> bool:
    """Whether a row refers to something that another row of the workbook would add."""
    said = str(fault.value)
    match fault.key:
        case "unit" | "parent":
            return any(row.get("code") == said for row in book.tables.get("units", ()))
        case "post":
            rows = book.tables.get("posts", ())
            return any(f"{row.get('unit')} {row.get('title')}" == said for row in rows)
        case "officer":
            rows = book.tables.get("officers", ())
            return any(str(row.get("username", "")).lower() == said for row in rows)
    return False


def _problem(book: Book, fault: Fault) -> Problem:
    value = book.written.get((fault.where, fault.key), fault.value)
    said = "" if value is None or fault.key == "password" else str(value)
    place = book.place(fault.where, fault.key)
    if not place.row:
        place = Place(place.sheet, letter=fault.key)
    return Problem(place, said[: district.LONGEST_SHOWN], _reason(fault))


def _reason(fault: Fault) -> str:
    words = _CHOICES.get(fault.key)
    if words is None:
        return fault.text
    named = formats.names(map(str, words()))
    if fault.key == "powers" and isinstance(fault.value, list):
        unknown = [str(each) for each in fault.value if each not in POWERS]
        details = {"unknown": formats.names(unknown), "known": named}
        return _("“%(unknown)s” is not a power; powers are %(known)s") % details
    return _("must be one of %s") % named


# What a cell may say in these columns; a district file has keys instead.
_CHOICES: Mapping[str, Callable[[], Iterable[object]]] = {
    "kind": lambda: Unit.Kind.labels,
    "powers": lambda: [*POWERS.values(), NONE],
}
