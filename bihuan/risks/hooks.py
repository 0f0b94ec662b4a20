"""Where a problem found at a site is reported: the app of such cases registers its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.sites.models import Site


@dataclass(frozen=True)
class Problem:
    """What does not work at a site, as the form of the report begins with it."""

    site: Site
    title: str
    description: str


# Returns the address of the form. At most one.
_registered: list[Callable[[Problem], str]] = []


def register_report(url_of: Callable[[Problem], str]) -> None:
    """Register the form of the report. For `AppConfig.ready`."""
    _registered[:] = [url_of]


def report_url(problem: Problem) -> str:
    """Return where to report it; empty if no app has such a form."""
    return _registered[0](problem) if _registered else ""
