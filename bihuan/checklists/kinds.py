"""What other apps know of, and a checklist names: kinds of sites and trades by which they are
regulated, and categories of hazards.

A checklist keeps only their keys; the apps that have them register how they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Offered = Callable[[], Sequence[tuple[str, str]]]

_sites: list[Offered] = []
_trades: list[Offered] = []
_categories: list[Offered] = []


def register_sites(offered: Offered) -> None:
    """Register the kinds of sites, as keys with names. For `AppConfig.ready`."""
    _sites[:] = [offered]


def register_trades(offered: Offered) -> None:
    """Register the trades by which units regulate sites. For `AppConfig.ready`."""
    _trades[:] = [offered]


def register_categories(offered: Offered) -> None:
    """Register the categories of hazards. For `AppConfig.ready`."""
    _categories[:] = [offered]


def sites() -> list[tuple[str, str]]:
    return [pair for offered in _sites for pair in offered()]


def trades() -> list[tuple[str, str]]:
    return [pair for offered in _trades for pair in offered()]


def trade(key: str) -> str:
    """Return the name of a trade; of one that is no longer known its key."""
    return dict(trades()).get(key, key)


def categories() -> list[tuple[str, str]]:
    return [pair for offered in _categories for pair in offered()]


def named(keys: Sequence[str]) -> list[str]:
    """Return the names of these kinds of sites; one that is no longer known by its key."""
    names = dict(sites())
    return [names.get(key, key) for key in keys]
