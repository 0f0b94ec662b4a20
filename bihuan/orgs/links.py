"""Links that apps above add to the account pages, in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Link:
    """A link to a page by its URL name, and whether it is available on this installation."""

    label: str | Promise
    name: str
    is_offered: Callable[[], bool] = _always
    # On the page of the organisation.
    icon: str = ""


_account: list[Link] = []
_member: list[Link] = []
_sign_in: list[Link] = []
_organisation: list[Link] = []


def on_account(link: Link) -> None:
    """Add a link to the page of one's own account."""
    _account.append(link)


def on_member(link: Link) -> None:
    """Add a link, with the user name, to an officer's page for administrators."""
    _member.append(link)


def on_sign_in(link: Link) -> None:
    """Add an alternative way to sign in to the sign-in page."""
    _sign_in.append(link)


def on_organisation(link: Link) -> None:
    """Add a link for administrators to the page of the organisation."""
    _organisation.append(link)


def of_account() -> list[Link]:
    return [link for link in _account if link.is_offered()]


def of_member() -> list[Link]:
    return [link for link in _member if link.is_offered()]


def of_sign_in() -> list[Link]:
    return [link for link in _sign_in if link.is_offered()]


def of_organisation() -> list[Link]:
    return [link for link in _organisation if link.is_offered()]
