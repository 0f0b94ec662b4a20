"""The pages that are open to an operator of sites: every other page of the desk is closed.

An app that has pages for operators registers them in `AppConfig.ready`. What is not registered is
closed, so that a new page needs no thought.
"""

from __future__ import annotations

from datetime import date

from bihuan.orgs import access
from bihuan.orgs.models import User

# What belongs to any account.
_OWN = frozenset(
    {
        "orgs:account",
        "orgs:account-password",
        "orgs:account-sessions",
        "orgs:end-other-sessions",
        "orgs:end-session",
        "orgs:sign-out",
    }
)
_home: list[str] = []
_registered: set[str] = set()


def register(*names: str) -> None:
    """Register pages that operators may open, by their URL names."""
    _registered.update(names)


def register_home(name: str) -> None:
    """Register the page on which operators arrive after the sign-in."""
    _home[:] = [name]
    register(name)


def home() -> str:
    """Return the URL name of the page on which operators arrive; empty if there is none."""
    return _home[0] if _home else ""


def is_open(view_name: str) -> bool:
    """Whether an operator of sites may open this page."""
    return view_name in _OWN or view_name in _registered


def may_open(user: User, view_name: str, on: date) -> bool:
    """Whether the page is open to this user as far as operators are concerned."""
    return is_open(view_name) or not access.is_operator(user, on)
