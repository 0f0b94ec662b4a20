"""Every page that acts does so on a server where each act stands on its own."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from bihuan.journal.queries import verify
from tests.sitemap import routes
from tests.sources import ROOT
from tests.walk.depth import CRUMBS, FRAMED, far_below, is_lost
from tests.walk.looking import is_behind_a_code, is_public, look_everywhere
from tests.walk.test_moves import SENT_TO
from tests.walk.world import World

pytestmark = pytest.mark.walk
Walk = Callable[[World], None]


def _everything() -> dict[Walk, set[str]]:
    """Every walk of the modules in this folder, and the pages that it acts on."""
    found: dict[Walk, set[str]] = {}
    for path in sorted((ROOT / "tests" / "walk").glob("*.py")):
        if not path.stem.startswith(("__", "conftest", "test_")):
            module = importlib.import_module(f"tests.walk.{path.stem}")
            found |= getattr(module, "EVERYTHING", {})
    return found


EVERYTHING = _everything()

# These answer to whatever method; only the first of them does anything.
TO_ANYTHING = {
    "web:set_language",
    "api:open311",
    "api:open311-nowhere",
    "api:open311-test",
    "api:open311-test-nowhere",
}
GIVEN = {"suffix": "json"}
LOOKERS = ("coordinator", "administrator")
MANY = 3  # pages that each code opens
FEWEST = {"the public": 20, "coordinator": 40, "administrator": 15}


def acting() -> Iterator[str]:
    """The pages that take something that is sent to them."""
    for route in routes():
        if route.name not in TO_ANYTHING:
            answer = route.view(
                _nonsense(), **{name: GIVEN.get(name, "1") for name in route.parameters}
            )
            assert answer.status_code == 405, f"{route.name} answers to any method"
            if "POST" in answer.headers["Allow"]:
                yield route.name


def _nonsense() -> HttpRequest:
    return RequestFactory().generic("NONSENSE", "/")


def test_every_page_that_acts_is_walked() -> None:
    assert {*acting(), "web:set_language"} == set().union(*SENT_TO.values(), *EVERYTHING.values())


@pytest.mark.slow
@pytest.mark.parametrize("walk", EVERYTHING, ids=lambda walk: walk.__name__)
def test_pages(world: World, walk: Walk) -> None:
    walk(world)

    assert EVERYTHING[walk] - world.site.posted() == set()
    assert world.site.broken() == []
    assert world.site.lost() == set()
    assert verify().ok


@pytest.mark.slow
def test_every_address(world: World) -> None:
    seen = {}
    for matter in ("hazard", "grievance", "suggestion", "dispute"):
        _, code = world.report(matter)
        world.enter(code)
        seen[matter] = look_everywhere(world, world.public, is_behind_a_code)
    seen["the public"] = look_everywhere(world, world.public, is_public)
    for role in LOOKERS:
        seen[role] = look_everywhere(world, world.at(role))

    assert {who: count for who, count in seen.items() if count < FEWEST.get(who, MANY)} == {}
    assert world.site.broken() == []
    assert world.site.lost() == set()
    assert verify().ok


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("orgs:change-unit", True),
        ("receipts:decide-held", True),
        ("mediations:mediation-record", True),
        ("desk:case", False),
        ("orgs:organisation", False),
        ("orgs:unit", False),
    ],
)
def test_a_page_is_far_below_where_a_list_leads_to_a_page_that_leads_to_it(
    name: str, is_so: bool
) -> None:
    assert (name in far_below()) is is_so


def test_a_page_far_below_that_does_not_show_where_it_is_is_found() -> None:
    path = "/desk/organisation/units/x/change/"

    assert is_lost(path, FRAMED)
    assert not is_lost(path, FRAMED + CRUMBS)
    assert not is_lost(path, "<article>")
    assert not is_lost("/desk/organisation/", FRAMED)
