"""The offices that the public may name, and their posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

from bihuan.core.numerals import whole
from bihuan.orgs import choices, renaming
from bihuan.orgs.models import Post, Tenure, Unit, UnitQuerySet, User

KINDS = (
    Unit.Kind.GOVERNMENT,
    Unit.Kind.DEPARTMENT,
    Unit.Kind.TOWN,
    Unit.Kind.VILLAGE,
    Unit.Kind.SCHOOL,
)
AT_ONCE = 20


@dataclass(frozen=True)
class OfficePost:
    """A post that a complaint may be about, by title; no officer is named."""

    post: Post
    member: User

    @property
    def title(self) -> str:
        return choices.title_of(self.post)


@dataclass(frozen=True)
class FoundUnit:
    """A unit, and the other or former name by which it was found."""

    unit: Unit
    other_name: str = ""
    is_former: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether it may be chosen because nothing else was found: never by another name alone."""
        return not self.other_name


def for_public(units: UnitQuerySet) -> UnitQuerySet:
    """Leave out the units that are not for the public, and every unit below them."""
    path = ExpressionWrapper(OuterRef("path"), CharField())
    hidden = Unit.objects.filter(is_public=False).alias(below=path)
    return units.exclude(Exists(hidden.filter(below__startswith=F("path"))))


def public_units(on: date) -> UnitQuerySet:
    return for_public(Unit.objects.open()).filter(kind__in=KINDS)


def found(words: str, on: date, *, every: bool = False) -> list[FoundUnit]:
    """Return the offices whose name, or a former one, contains these words; without words, those at
    the top. By name also those that are not for the public, if it is for a complaint about them
    (`every`).
    """
    units = Unit.objects.open() if every and words else public_units(on)
    sought = words.split()[:5]
    before = _found_before(sought, units) if sought else {}
    named = Q()
    for word in sought:
        named &= Q(name__icontains=word) | Q(name_en__icontains=word)
    hits = units.filter(named | Q(pk__in=before)) if sought else units
    rows = hits.select_related("parent").order_by("depth", "path")[:AT_ONCE]
    return [_as_found(unit, sought, before.get(unit.pk, "")) for unit in rows]


def _found_before(sought: list[str], units: UnitQuerySet) -> dict[int, str]:
    """Return the units of which a former name contains all words, by id, with that name."""
    former = renaming.former_names(units)
    hits = {pk: [name for name in names if _has(name, sought)] for pk, names in former.items()}
    return {pk: names[0] for pk, names in hits.items() if names}


def _as_found(unit: Unit, sought: list[str], former: str) -> FoundUnit:
    is_named = _has(unit.name, sought) or _has(unit.name_en, sought)
    return FoundUnit(unit) if is_named or not former else FoundUnit(unit, former, is_former=True)


def _has(name: str, sought: list[str]) -> bool:
    return all(word.casefold() in name.casefold() for word in sought)


def named(keys: Iterable[str], on: date, *, every: bool = False) -> list[Unit]:
    """Return the offices with these keys; invalid keys are ignored."""
    numbers = [key for key in map(whole, keys) if key is not None]
    if not numbers:
        return []
    units = Unit.objects.open() if every else public_units(on)
    return list(units.filter(pk__in=numbers).select_related("parent").order_by("path"))


def held_posts(units: Collection[Unit], on: date) -> list[OfficePost]:
    """Return the posts in exactly these units that are held."""
    if not units:
        return []
    held = Tenure.objects.in_force(on).filter(
        post__unit__in=units, member__is_active=True, post__in=Post.objects.in_force(on)
    )
    rows = held.select_related("post__unit", "member").order_by("post__unit__path", "post__pk")
    return [OfficePost(tenure.post, tenure.member) for tenure in rows]
