"""Where a problem is: towns, villages and schools, found by their names and other names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch

from bihuan.core.numerals import whole
from bihuan.core.powers import Power
from bihuan.orgs import access, renaming
from bihuan.orgs.models import Post, Unit, UnitQuerySet, User
from bihuan.portal.models import PlaceName
from bihuan.portal.queries.offices import FoundUnit, for_public

# The order in which they are offered. A bureau is no place.
KINDS = (Unit.Kind.TOWN, Unit.Kind.VILLAGE, Unit.Kind.SCHOOL)
AT_ONCE = 20
# The value of "I do not know".
UNKNOWN = "unknown"
# What people leave out of the name of a place: first its office, then what it is.
_ENDINGS = (
    re.compile(r"(人民政府|政府|办事处|村民委员会|居民委员会|村委会|居委会| government)$"),
    re.compile(r"(街道|社区|镇|乡|村| town| village| community| subdistrict| school)$"),
)
LEAST = 2  # characters of a name that is found in a longer text
LEAST_LATIN = 4  # the same of a name in Latin letters


def public_places(on: date) -> UnitQuerySet:
    return _open().filter(kind__in=KINDS)


def _open() -> UnitQuerySet:
    return for_public(Unit.objects.open())


def found(words: str, on: date) -> list[FoundUnit]:
    """Return the places with these words in a name, else those whose name the words contain.

    A place whose own name is in the words is always among them: other names hide none.
    """
    units = list(public_places(on).select_related("parent"))
    units.sort(key=lambda unit: (KINDS.index(Unit.Kind(unit.kind)), unit.path))
    if not words:
        return [FoundUnit(unit) for unit in units[:AT_ONCE]]
    names, former = _other_names(units), _former_names(units)
    for pk, known_as in former.items():
        names[pk] += known_as
    joined = "".join(words.split()).casefold()
    hits = list(_containing(words.casefold(), units, names)) or _contained(joined, units, names)
    if all(hit.other_name for hit in hits):
        known = {hit.unit.pk for hit in hits}
        hits += [FoundUnit(u) for u in units if u.pk not in known and _is_named(u, joined)]
    return [_by_former(hit, former.get(hit.unit.pk, {})) for hit in hits[:AT_ONCE]]


def _other_names(units: Iterable[Unit]) -> dict[int, list[str]]:
    known: dict[int, list[str]] = defaultdict(list)
    for unit, name in PlaceName.objects.order_by("name").values_list("unit_id", "name"):
        known[unit].append(name)
    return known


def _former_names(units: Iterable[Unit]) -> dict[int, dict[str, str]]:
    """Return by id what finds a unit by its former names, the names and their stems, each with the
    name.
    """
    names = renaming.former_names(units)
    return {
        pk: {stem: name for name in reversed(former) for stem in (_stem(name), name)}
        for pk, former in names.items()
    }


def _by_former(hit: FoundUnit, former: dict[str, str]) -> FoundUnit:
    name = former.get(hit.other_name)
    return replace(hit, other_name=name, is_former=True) if name else hit


def _containing(words: str, units: list[Unit], names: dict[int, list[str]]) -> Iterator[FoundUnit]:
    """Return the places whose names contain all words; those alone whose own name is exactly this
    if there are some.
    """
    sought = words.split()[:5]
    hits = [
        (name.casefold() == words, FoundUnit(unit, "" if name in _own(unit) else name))
        for unit in units
        if (name := _first(sought, [*_own(unit), *names.get(unit.pk, ())]))
    ]
    exact = [place for is_exact, place in hits if is_exact and not place.other_name]
    yield from exact or [place for _, place in hits]


def _first(sought: list[str], names: Iterable[str]) -> str:
    return next((n for n in names if n and all(each in n.casefold() for each in sought)), "")


def _own(unit: Unit) -> tuple[str, str]:
    return (unit.name, unit.name_en)


def _contained(words: str, units: list[Unit], names: dict[int, list[str]]) -> list[FoundUnit]:
    """Return the places that the words name, the lowest of those that are within each other."""
    hits = [
        FoundUnit(unit, other if other and not _is_named(unit, words) else "")
        for unit in units
        if (other := _other(words, names.get(unit.pk, ()))) or _is_named(unit, words)
    ]
    over = [a for a in hits if any(_is_above(a.unit, b.unit) for b in hits)]
    lowest = [place for place in hits if place not in over]
    within = [p for p in lowest if any(_is_above(a.unit, p.unit) for a in over)]
    return within or lowest


def _other(words: str, names: Iterable[str]) -> str:
    found = (name for name in names if len(name) >= LEAST and name.casefold() in words)
    return next(found, "")


def _is_named(unit: Unit, words: str) -> bool:
    stems = (_stem(name) for name in _own(unit))
    return any(len(stem) >= LEAST and stem in words for stem in stems)


def _stem(name: str) -> str:
    """Return what is left of a name without its endings, unless that is too short."""
    said = name.casefold()
    for ending in _ENDINGS:
        short = ending.sub("", said)
        said = short if len(short) >= LEAST else said
    return "".join(said.split())


def taken(names: Iterable[str], unit: Unit) -> tuple[str, Unit] | None:
    """Return the first of these names that another place has, or that contains the name of a place
    elsewhere, with that place; units that are not for the public count as well.
    """
    others = list(Unit.objects.open().filter(kind__in=KINDS).exclude(pk=unit.pk).order_by("path"))
    known = _other_names(others)
    line = [unit, *Unit.objects.above(unit)]
    mine = "\n".join(_joined(name) for each in line for name in _own(each))
    for name in names:
        said = set(_forms(name)) - {""}
        for other in others:
            names_of = (*_own(other), *known.get(other.pk, ()))
            if said & {form for each in names_of if each for form in _forms(each)}:
                return name, other
            if other not in line and any(
                s in _joined(name) for s in _stems(other) if s not in mine
            ):
                return name, other
    return None


def _stems(unit: Unit) -> Iterator[str]:
    """Return the stems of its own names that are long enough to be recognised in others."""
    for stem in map(_stem, _own(unit)):
        if len(stem) >= (LEAST_LATIN if stem.isascii() else LEAST):
            yield stem


def _forms(name: str) -> tuple[str, str]:
    return _joined(name), _stem(name)


def _joined(name: str) -> str:
    return "".join(name.casefold().split())


def _is_above(unit: Unit, other: Unit) -> bool:
    return other.pk != unit.pk and other.path.startswith(unit.path)


def named(keys: Iterable[str], on: date) -> list[Unit]:
    """Return the place with this key; an invalid one is ignored, an unknown place is the county."""
    given = list(keys)
    if UNKNOWN in given:
        county = coordinating(on)
        return [county] if county else []
    numbers = [key for key in map(whole, given) if key is not None]
    return list(public_places(on).filter(pk__in=numbers).select_related("parent").order_by("path"))


def kept_by(user: User, on: date) -> UnitQuerySet:
    """Return the places that the officer coordinates, with their other names."""
    tops = access.units_with(user, Power.COORDINATE, on)
    names = Prefetch("place_names", PlaceName.objects.order_by("name"))
    return public_places(on).within(*tops).order_by("path").prefetch_related(names)


def coordinating(on: date) -> Unit | None:
    """Return the highest unit with a coordinator, which finds out where an unknown place is."""
    posts = Post.objects.in_force(on).filter(unit__in=_open())
    seats = [post for post in posts.select_related("unit") if Power.COORDINATE in post.powers]
    units = [post.unit for post in seats] or list(_open().filter(parent=None))
    return min(units, key=lambda unit: (unit.depth, unit.path), default=None)
