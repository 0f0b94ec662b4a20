"""Somebody who opens every address that there is."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.breaches.forms import FORMS
from bihuan.breaches.models import Breach
from bihuan.cases.models import Case
from bihuan.portal import moves
from bihuan.portal.forms.report import STEPS
from tests.sitemap import Route, addresses
from tests.walk.people import Person
from tests.walk.world import World

Wanted = Callable[[Route], bool]
UNSENT = "0" * 32


def is_public(route: Route) -> bool:
    return route.is_public


def is_behind_a_code(route: Route) -> bool:
    return route.path.startswith("/track/")


def look_everywhere(w: World, person: Person, wanted: Wanted = lambda _: True) -> int:
    """Open every address that is wanted about every case; how many answered with a page."""
    fillings: dict[str, list[object]] = {
        "number": list(Case.objects.values_list("number", flat=True)),
        "move": ["comment", "attach"],
        "name": [*moves.ACTS],
        "step": [*STEPS],
        "slot": ["reporter"],
        "matter": ["hazard", "accusation"],
        "suffix": ["json"],
        "code": [w.town.code],
        "username": [w.officers["duty"].username],
        "round": ["answer"],
        "at": ["0900"],
        "act": [*FORMS],
    }

    def fill(route: Route, name: str) -> list[object]:
        if (route.name, name) == ("portal:report-step", "name"):
            return [UNSENT]
        if name == "number" and route.path.startswith("/desk/breaches/"):
            return list(Breach.objects.values_list("number", flat=True))
        return fillings.get(name, [1])

    paths = (path for route, path in addresses(fill) if wanted(route))
    return sum(person.get(path).status == 200 for path in paths)
