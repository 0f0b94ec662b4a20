"""The attributes of a site, checked against its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from bihuan.core import legible
from bihuan.sites.catalogue import Attribute, AttributeType, SiteKind, kinds
from bihuan.sites.refusals import UnknownKind, WrongAttribute

LONGEST = 200
MOST = 10**12
Value = str | int | float | bool


def known_kind(key: str) -> SiteKind:
    """Return the kind of site; refuse a key that is not in the data."""
    if key not in kinds():
        raise UnknownKind
    return kinds()[key]


def checked(kind: SiteKind, given: Mapping[str, object]) -> dict[str, Value]:
    """Return the attributes as they are stored, without empty ones; refuse wrong ones."""
    known = {each.key: each for each in kind.attributes}
    found: dict[str, Value] = {}
    for key, value in given.items():
        if key not in known:
            raise WrongAttribute(key)
        if value is None or value == "":
            continue
        kept = _checked(known[key], value)
        if kept is None:
            raise WrongAttribute(key)
        if kept != "":
            found[key] = kept
    return found


def _checked(attribute: Attribute, value: object) -> Value | None:
    """Return the value as it is stored; None for one that is not of the type."""
    match attribute.type, value:
        case AttributeType.YES_NO, bool():
            return value
        case AttributeType.NUMBER, int() | float() if not isinstance(value, bool):
            return _number(value)
        case AttributeType.CHOICE, str() if value in {each.key for each in attribute.choices}:
            return value
        case AttributeType.TEXT, str():
            text = legible.clean(value)
            return text if len(text) <= LONGEST else None
        case AttributeType.DATE, date():
            return value.isoformat()
        case AttributeType.DATE, str():
            return _day(value)
    return None


def _number(value: float) -> int | float | None:
    if not math.isfinite(value) or not 0 <= value < MOST:
        return None
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _day(value: str) -> str | None:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None
