"""The step of the place: what can be chosen there, and what its buttons change."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.http import QueryDict

from bihuan.core import places as points
from bihuan.orgs.models import Unit
from bihuan.portal.forms.fields import AccusedField, AddresseeField, OfficesField, PlaceField
from bihuan.portal.forms.report import AccusationForm, ReportForm
from bihuan.portal.queries import offices, places
from bihuan.portal.queries.offices import FoundUnit

FIND = "find"
# The button that removes the position of the device.
UNPLACE = "unplace"
# The button that says that it is not at the site whose poster was opened.
ELSEWHERE = "elsewhere"


def adjusted(data: QueryDict, form: type[ReportForm], on: date) -> QueryDict:
    """Return the entries as a button of this step changes them."""
    pressed = FIND if _seeks(data, form, on) else data.get("go", "")
    if data.get("step") != "place" or pressed not in (FIND, UNPLACE, ELSEWHERE):
        return data
    changed = data.copy()
    changed["go"] = pressed
    if pressed == UNPLACE:
        changed["latitude"] = changed["longitude"] = ""
    elif pressed == ELSEWHERE:
        changed["site"] = changed["place"] = ""
        changed.pop("unit", None)
    elif (hit := _only_hit(data, form, on)) is not None:
        changed["unit"] = str(hit.pk)
    return changed


def _seeks(data: QueryDict, form: type[ReportForm], on: date) -> bool:
    """Enter in the search field searches, if nothing is chosen yet."""
    if data.get("go") != "next" or data.get("language") or data.get("step") != "place":
        return False
    is_chosen = data.get("unlisted") or _field(form, on).to_python(data.getlist(_name(form)))
    return bool(_words(data)) and not is_chosen


def _only_hit(data: QueryDict, form: type[ReportForm], on: date) -> Unit | None:
    """Return the only result of a search for one unit, which is then chosen."""
    words = _words(data)
    hits = _found(form, words, on) if words and not issubclass(form, AccusationForm) else []
    return hits[0].unit if len(hits) == 1 and hits[0].is_certain else None


def context(form: ReportForm, data: QueryDict) -> dict[str, Any]:
    """Return what to choose from: what is chosen, and the results of the search."""
    kind, on, words = type(form), form.on, _words(data)
    said = data.getlist(_name(kind))
    is_unknown = places.UNKNOWN in said and not isinstance(form, AccusationForm)
    chosen = [] if is_unknown else _field(kind, on).to_python(said)
    found = _found(kind, words, on)
    about = {unit.pk for unit in chosen}
    shown: dict[str, Any] = {
        "find": words,
        "found": [*_chosen(chosen, found), *(hit for hit in found if hit.unit.pk not in about)],
        "chosen": about,
        "unknown": places.UNKNOWN,
        "is_unknown": is_unknown,
        "several": isinstance(form, AccusationForm),
        "nothing": bool(words) and not found,
        "is_folded": not (words or chosen),
        "offers_position": kind.offers_position,
        "position": position(data),
        "posted_site": form.posted_site,
    }
    if isinstance(form, AccusationForm):
        shown["seats"] = form.seats_offered(chosen)
        shown["chosen_seats"] = set(data.getlist("seats"))
    return shown


def position(data: QueryDict) -> str:
    """Return the position that the device gave, as degrees."""
    try:
        given = (float(data.get(name, "")) for name in ("latitude", "longitude"))
        point = points.given(*given)
    except ValueError:
        return ""
    return f"{point.latitude:.5f}, {point.longitude:.5f}" if point else ""


def _chosen(chosen: list[Unit], found: list[FoundUnit]) -> list[FoundUnit]:
    """What is chosen comes first, as it was found."""
    known = {hit.unit.pk: hit for hit in found}
    return [known.get(unit.pk, FoundUnit(unit)) for unit in chosen]


def _found(form: type[ReportForm], words: str, on: date) -> list[FoundUnit]:
    field = _declared(form)
    if isinstance(field, PlaceField) and not isinstance(field, AddresseeField):
        return places.found(words, on)
    every = isinstance(field, AccusedField)
    return offices.found(words, on, every=every)


def _name(form: type[ReportForm]) -> str:
    return "about" if issubclass(form, AccusationForm) else "unit"


def _declared(form: type[ReportForm]) -> OfficesField:
    field = form.base_fields[_name(form)]
    assert isinstance(field, OfficesField)
    return field


def _field(form: type[ReportForm], on: date) -> OfficesField:
    field = copy(_declared(form))
    field.on = on
    return field


def _words(data: QueryDict) -> str:
    return data.get("find", "").replace("\x00", "").strip()[:60]
