"""Somebody who opens every address that there is."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.portal import moves
from tests.sitemap import Route, addresses
from tests.walk.people import Person
from tests.walk.world import World


def look_everywhere(w: World, person: Person, *, public_only: bool = False) -> int:
    """Open every address about every case, and say how many answered with a page."""
    fillings: dict[str, list[object]] = {
        "number": list(Case.objects.values_list("number", flat=True)),
        "move": ["comment", "attach"],
        "name": [*moves.ACTS],
        "slot": ["reporter"],
        "matter": ["hazard", "accusation"],
        "suffix": ["json"],
        "code": [w.town.code],
        "username": [w.officers["duty"].username],
        "round": ["answer"],
        "at": ["0900"],
    }

    def fill(route: Route, name: str) -> list[object]:
        return fillings.get(name, [1])

    return sum(
        person.get(path).status == 200
        for route, path in addresses(fill)
        if route.is_public or not public_only
    )
