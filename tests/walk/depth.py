"""Pages far below a list, which show the pages above them."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.sitemap import Route, routes

TODAY = "/desk/"
FRAMED = '<div class="page '
CRUMBS = '<nav class="crumbs"'


@cache
def far_below() -> frozenset[str]:
    """Return the names of the addresses with two pages or more above them: a list, and a page
    that it leads to.
    """
    desk = [route for route in routes() if route.path.startswith(TODAY)]
    paths = {route.path for route in desk} - {TODAY}
    return frozenset(
        route.name for route in desk if _is_about_a_case(route) or _pages_above(route, paths) > 1
    )


def _pages_above(route: Route, paths: set[str]) -> int:
    return sum(route.path.startswith(path) for path in paths if path != route.path)


def _is_about_a_case(route: Route) -> bool:
    """Whether it is below the page of a case, wherever its own address is."""
    is_numbered = "number" in route.parameters and not route.path.startswith("/desk/breaches/")
    return is_numbered and route.name != "desk:case"


def is_lost(path: str, page: str) -> bool:
    """Whether this page is far below a list and does not show where it is; sheets of paper and
    parts of a page have no place for that.
    """
    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return False
    return name in far_below() and FRAMED in page and CRUMBS not in page
