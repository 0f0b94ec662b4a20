"""Case numbers as people type and paste them: with a label, in full width, without hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
_LABEL = re.compile(
    r"(?:(?:事项|隐患|诉求|台账|受理|登记)?(?:编号|序号|单号|号码)|no\.?|number)\s*[:：.]?\s*(?=[A-Za-z0-9])",
    re.IGNORECASE,
)
_AROUND = " \t\r\n.,;:!?、。，；：！？\"'“”‘’()[]<>《》【】「」"
LONGEST = 64


def plain(typed: str) -> str:
    """Normalise to half width and plain hyphens, without invisible characters."""
    folded = unicodedata.normalize("NFKC", typed)
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return _DASHES.sub("-", " ".join(seen.split()))


def named(typed: str) -> str:
    """Return the number alone, without the label before it and the punctuation around it."""
    found = plain(typed).strip(_AROUND)
    label = _LABEL.match(found)
    return (found[label.end() :] if label else found).strip(_AROUND)


def own(typed: str, series: Collection[str]) -> str:
    """Return the canonical form of our own number, complete or a prefix; empty if it is not one.

    A complete number is found within other words, for example pasted with the title after it.
    """
    known = "|".join(sorted(series))
    whole = re.compile(rf"(?<![A-Z0-9])({known})-?(\d{{4}})-?(\d{{6,9}})(?![0-9])", re.ASCII)
    text = plain(typed).upper()
    if found := whole.search(text):
        return "-".join(found.groups())
    begun = re.compile(rf"({known})(?:-?(\d{{1,4}})(?:-?(\d{{0,9}}))?)?-?", re.ASCII)
    if found := begun.fullmatch(named(typed).upper()):
        return "-".join(part for part in found.groups() if part)
    return ""


def references(typed: str) -> frozenset[str]:
    """Return how another ledger may have written this number; empty if it is not a number."""
    found = named(typed)
    if not found or len(found) > LONGEST or not any(c.isdigit() for c in found):
        return frozenset()
    return frozenset({typed.strip(), found, found.upper(), found.lower()})
