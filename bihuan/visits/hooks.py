"""Where a visit that found something leads: a higher app registers the page that reports it."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.sites.models import Site

# Takes the site; returns the address of the form, with the site filled in.
Report = Callable[[Site], str]

_registered: list[Report] = []


def register_report(report: Report) -> None:
    """For `AppConfig.ready`. At most one app has this page."""
    _registered[:] = [report]


def report_url(site: Site) -> str:
    """Return where something found at the site is reported; empty if nowhere."""
    return _registered[0](site) if _registered else ""
