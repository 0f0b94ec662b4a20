"""What a new unit most likely is, as the first values of its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Unit

_KIND_BELOW: Mapping[str, Unit.Kind] = {
    Unit.Kind.GOVERNMENT: Unit.Kind.DEPARTMENT,
    Unit.Kind.TOWN: Unit.Kind.VILLAGE,
    Unit.Kind.VILLAGE: Unit.Kind.GRID,
}
_POWERS: Mapping[str, tuple[Power, ...]] = {
    Unit.Kind.DEPARTMENT: (Power.REPORT, Power.HANDLE, Power.COORDINATE),
    Unit.Kind.TOWN: (Power.REPORT, Power.HANDLE, Power.COORDINATE),
    Unit.Kind.GRID: (Power.REPORT,),
}
_WORKING = (Power.REPORT, Power.HANDLE)
_LAST_NUMBER = re.compile(r"(.*?)(\d+)\Z")


def of_new_unit(parent: Unit, on: date) -> dict[str, object]:
    """Return the values of the neighbours: the kind, the next code, and the usual post."""
    beside = list(Unit.objects.filter(parent=parent).order_by("pk"))
    kind = beside[-1].kind if beside else _KIND_BELOW.get(parent.kind, Unit.Kind.DEPARTMENT)
    return {
        "kind": kind,
        "code": _free_code(parent, beside),
        "division_code": parent.division_code,
        "title": _usual_title(settings.LANGUAGE_CODE),
        "title_en": _usual_title("en"),
        "powers": [power.value for power in _POWERS.get(kind, _WORKING)],
        "start_date": on,
    }


def english_title(title: str, given: str) -> str:
    """Return the English title of a first post: if only the title was changed, what other posts
    with that title have.
    """
    if title == _usual_title(settings.LANGUAGE_CODE) or given not in ("", _usual_title("en")):
        return given
    named = Post.objects.filter(title=title).exclude(title_en="").order_by("-pk")
    return named.values_list("title_en", flat=True).first() or ""


def _usual_title(language: str) -> str:
    """Return the title in this language: it is stored, whatever language the page is in."""
    with override(language):
        return _("Person in charge")


def _free_code(parent: Unit, beside: list[Unit]) -> str:
    """Return the code after that of the last neighbour, or the first one below the parent."""
    numbered = [found for each in beside if (found := _LAST_NUMBER.match(each.code))]
    stem, digits = numbered[-1].groups() if numbered else (f"{parent.code}-", "0")
    taken = set(Unit.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number = int(digits) + 1
    while f"{stem}{number:0{len(digits)}d}" in taken:
        number += 1
    return f"{stem}{number:0{len(digits)}d}"
